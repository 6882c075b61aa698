/** Size of an activity on the canvas, px at zoom 1. Fixed, so that wires can be drawn without measuring. */
export const nodeWidth = 208;
export const nodeHeight = 64;

/** Dots of the canvas, and what dropped nodes snap to, px. */
export const gridSize = 16;

/** px between two columns of activities whose wires say nothing, and between the upper edges of two rows. */
export const columnGap = 96;
export const rowHeight = 112;

/** px between the left edges of two columns whose wires say nothing. */
export const columnWidth = nodeWidth + columnGap;

/** An activity with the room that it wants around it, px. */
export const footprint = { width: nodeWidth + gridSize, height: nodeHeight + 2 * gridSize } as const;

/** Room that a scope keeps around what is in it, px: its head is above. */
export const scopeInset = { left: 32, top: 64, right: 32, bottom: 32 } as const;

/** Size of a scope with nothing in it, px. */
export const scopeSizeMin = {
  width: nodeWidth + scopeInset.left + scopeInset.right,
  height: nodeHeight + scopeInset.top + scopeInset.bottom,
} as const;
