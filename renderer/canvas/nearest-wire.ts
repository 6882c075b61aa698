import type { Position, Process, TransitionId } from '../../engine/model/document.ts';
import { nodeHeight, nodeWidth } from '../edits/geometry.ts';

/** How near (px at zoom 1) the middle of a dropped activity must be to a wire to go into it. */
const reach = 28;

/** The wire at a point of the canvas; undefined when none is within reach. Wires are taken as straight lines. */
export function nearestWire(process: Process, point: Position): TransitionId | undefined {
  let best: { id: TransitionId; distance: number } | undefined;
  for (const wire of process.transitions) {
    if (wire.kind === 'error') continue;
    const from = process.layout.positions[wire.from];
    const to = process.layout.positions[wire.to];
    if (from === undefined || to === undefined) continue;
    const start = { x: from.x + nodeWidth, y: from.y + nodeHeight / 2 };
    const distance = distanceToLine(point, start, { x: to.x, y: to.y + nodeHeight / 2 });
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
