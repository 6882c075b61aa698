import type { ActivityId, Position, ProcessId } from '../../engine/model/document.ts';
import type { Edit } from './edit.ts';
import { inProcess } from './in-process.ts';

/** Puts activities where they were dropped; whole pixels, so that files stay readable. */
export function moveActivities(process: ProcessId, positions: Readonly<Record<ActivityId, Position>>): Edit {
  return inProcess(process, (current) => {
    const moved = Object.entries(positions).filter(([id]) => id in current.activities);
    const rounded = moved.map(([id, { x, y }]) => [id, { x: Math.round(x), y: Math.round(y) }] as const);
    const next = { ...current.layout.positions, ...Object.fromEntries(rounded) };
    return { ...current, layout: { ...current.layout, positions: next } };
  });
}
