import type { ActivityId, Position, Process } from '../../engine/model/document.ts';
import { columnWidth } from '../edits/geometry.ts';
import { perProcess } from './behavior.ts';

/** Every activity has a place on the canvas, and nothing that is gone has one. */
export const layoutFollowsActivities = perProcess((_before, process) => {
  const { positions, colors } = process.layout;
  const ids = Object.keys(process.activities);
  const isRight = Object.keys(positions).length === ids.length && ids.every((id) => id in positions);
  const hasStaleColor = Object.keys(colors ?? {}).some((id) => !(id in process.activities));
  if (isRight && !hasStaleColor) return process;
  const layout = { ...process.layout, positions: placeAll(process, ids) };
  if (colors === undefined) return { ...process, layout };
  const kept = Object.fromEntries(Object.entries(colors).filter(([id]) => id in process.activities));
  return { ...process, layout: { ...layout, colors: kept } };
});

function placeAll(process: Process, ids: readonly ActivityId[]): Record<ActivityId, Position> {
  const placed: Record<ActivityId, Position> = {};
  let right = 0;
  for (const id of ids) {
    const position = process.layout.positions[id];
    if (position === undefined) continue;
    placed[id] = position;
    right = Math.max(right, position.x + columnWidth);
  }
  for (const id of ids) {
    if (id in placed) continue;
    placed[id] = { x: right, y: 80 };
    right += columnWidth;
  }
  return placed;
}
