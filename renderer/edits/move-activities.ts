import type { ActivityId, Position, ProcessId } from '../../engine/model/document.ts';
import { parentOf } from '../../engine/model/scopes.ts';
import type { Edit } from './edit.ts';
import { inProcess } from './in-process.ts';
import { withParent } from './scopes.ts';

/**
 * Puts activities where they were dropped; whole pixels, so that files stay readable. What says that it stands in a scope which is not
 * there is drawn at the top, and stands there once it was dropped.
 */
export function moveActivities(process: ProcessId, positions: Readonly<Record<ActivityId, Position>>): Edit {
  return inProcess(process, (current) => {
    const moved = Object.entries(positions).filter(([id]) => id in current.activities);
    const rounded = moved.map(([id, { x, y }]) => [id, { x: Math.round(x), y: Math.round(y) }] as const);
    const next = { ...current.layout.positions, ...Object.fromEntries(rounded) };
    const lost = moved.flatMap(([id]) => {
      const activity = current.activities[id]!;
      return activity.parent !== undefined && parentOf(current, id) === undefined ? [activity] : [];
    });
    const found = lost.map((activity) => [activity.id, withParent(activity, undefined)] as const);
    const activities = lost.length ? { ...current.activities, ...Object.fromEntries(found) } : current.activities;
    return { ...current, activities, layout: { ...current.layout, positions: next } };
  });
}
