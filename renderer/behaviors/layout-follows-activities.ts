import type { ActivityId, Position, Process } from '../../engine/model/document.ts';
import { parentOf } from '../../engine/model/scopes.ts';
import { columnWidth } from '../edits/geometry.ts';
import { perProcess } from './behavior.ts';

/** Every activity has a place on the canvas, and nothing that is gone has one. */
export const layoutFollowsActivities = perProcess((_before, process) => {
  const { positions, colors, collapsed } = process.layout;
  const ids = Object.keys(process.activities);
  const isRight = Object.keys(positions).length === ids.length && ids.every((id) => id in positions);
  const isGone = (id: ActivityId) => !(id in process.activities);
  if (isRight && !Object.keys(colors ?? {}).some(isGone) && !collapsed?.some(isGone)) return process;
  const { collapsed: _old, ...layout } = process.layout;
  const closed = (collapsed ?? []).filter((id) => !isGone(id));
  const kept = Object.fromEntries(Object.entries(colors ?? {}).filter(([id]) => !isGone(id)));
  return {
    ...process,
    layout: {
      ...layout,
      positions: placeAll(process, ids),
      ...(colors === undefined ? {} : { colors: kept }),
      ...(closed.length ? { collapsed: closed } : {}),
    },
  };
});

/** What has no place goes to the right of what stands in the same scope. */
function placeAll(process: Process, ids: readonly ActivityId[]): Record<ActivityId, Position> {
  const placed: Record<ActivityId, Position> = {};
  const right = new Map<ActivityId | undefined, number>();
  const scopeOf = (id: ActivityId) => parentOf(process, id);
  const reach = (id: ActivityId, x: number) => right.set(scopeOf(id), Math.max(right.get(scopeOf(id)) ?? 0, x));
  for (const id of ids) {
    const position = process.layout.positions[id];
    if (position === undefined) continue;
    placed[id] = position;
    reach(id, position.x + columnWidth);
  }
  for (const id of ids) {
    if (id in placed) continue;
    const x = right.get(scopeOf(id)) ?? 0;
    placed[id] = { x, y: 80 };
    reach(id, x + columnWidth);
  }
  return placed;
}
