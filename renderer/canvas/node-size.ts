/** Size of an activity on the canvas, px at zoom 1. Fixed, so that wires can be drawn without measuring. */
export const nodeWidth = 208;
export const nodeHeight = 64;

/** Dots of the canvas, and what dropped nodes snap to, px. */
export const gridSize = 16;
