import type { ActivityId, Process } from '../../engine/model/document.ts';
import { ancestorsOf, parentOf } from '../../engine/model/scopes.ts';
import { scopeInset } from '../edits/geometry.ts';
import { perProcess } from './behavior.ts';

/** A scope stands close around what is in it: where that goes beyond its left or upper border, or leaves it, the border follows. */
export const scopesHoldTheirActivities = perProcess((_before, process) => {
  const inside = new Map<ActivityId, ActivityId[]>();
  for (const id of Object.keys(process.activities)) {
    const scope = parentOf(process, id);
    if (scope !== undefined) inside.set(scope, [...(inside.get(scope) ?? []), id]);
  }
  if (inside.size === 0) return process;
  const depth = (id: ActivityId) => ancestorsOf(process, id).length;
  // The innermost first: what moves the border of a scope can move the one around it.
  const scopes = [...inside].sort(([a], [b]) => depth(b) - depth(a));
  return scopes.reduce((current, [scope, ids]) => fitted(current, scope, ids), process);
});

function fitted(process: Process, scope: ActivityId, ids: readonly ActivityId[]): Process {
  const { positions } = process.layout;
  const xs = ids.map((id) => positions[id]?.x ?? 0);
  const ys = ids.map((id) => positions[id]?.y ?? 0);
  const by = { x: scopeInset.left - Math.min(...xs), y: scopeInset.top - Math.min(...ys) };
  if (by.x === 0 && by.y === 0) return process;
  const corner = positions[scope] ?? { x: 0, y: 0 };
  const moved = ids.map((id, index) => [id, { x: xs[index]! + by.x, y: ys[index]! + by.y }] as const);
  const next = { ...positions, [scope]: { x: corner.x - by.x, y: corner.y - by.y }, ...Object.fromEntries(moved) };
  return { ...process, layout: { ...process.layout, positions: next } };
}
