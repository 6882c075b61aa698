import type { Position, Process, TransitionId } from '../../engine/model/document.ts';
import { scopeBoxes } from '../edits/scope-boxes.ts';

/** How near (px at zoom 1) the middle of a dropped activity must be to a wire to go into it. */
const reach = 28;

/** The wire at a point of the canvas; undefined when none is within reach. Wires are taken as straight lines. */
export function nearestWire(process: Process, point: Position): TransitionId | undefined {
  let best: { id: TransitionId; distance: number } | undefined;
  const { place, size, isHidden } = scopeBoxes(process);
  for (const wire of process.transitions) {
    if (wire.kind === 'error') continue;
    if (isHidden(wire.from) || isHidden(wire.to)) continue;
    const [from, to, own] = [place(wire.from), place(wire.to), size(wire.from)];
    const start = { x: from.x + own.width, y: from.y + own.height / 2 };
    const distance = distanceToLine(point, start, { x: to.x, y: to.y + size(wire.to).height / 2 });
    if (distance <= reach && distance < (best?.distance ?? Number.POSITIVE_INFINITY)) best = { id: wire.id, distance };
  }
  return best?.id;
}

function distanceToLine(point: Position, start: Position, end: Position): number {
  const dx = end.x - start.x;
  const dy = end.y - start.y;
  const lengthSquared = dx * dx + dy * dy;
  const along = lengthSquared === 0 ? 0 : ((point.x - start.x) * dx + (point.y - start.y) * dy) / lengthSquared;
  const clamped = Math.min(1, Math.max(0, along));
  return Math.hypot(point.x - start.x - clamped * dx, point.y - start.y - clamped * dy);
}
