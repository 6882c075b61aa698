import type { Activity, ActivityId, Position, Process, ProcessId } from '../../engine/model/document.ts';
import { childrenOf, isInside, outermost, parentOf } from '../../engine/model/scopes.ts';
import type { Edit } from './edit.ts';
import { scopeInset } from './geometry.ts';
import { inProcess } from './in-process.ts';
import type { Palette } from './palette.ts';
import { add, from, scopeBoxes } from './scope-boxes.ts';

/** An activity and the scope that it goes to; undefined for the top of the process. */
export interface Rehomed {
  readonly id: ActivityId;
  readonly scope: ActivityId | undefined;
  /** Left upper corner on the canvas. */
  readonly place: Position;
}

/** Whether an activity may stand in a scope: a starter stands at the top, and nothing in itself. */
export function mayStandIn(process: Process, palette: Palette, id: ActivityId, scope: ActivityId | undefined): boolean {
  if (scope === undefined) return true;
  const isStarter = palette.get(process.activities[id]?.type ?? '')?.kind === 'starter';
  return !isStarter && id !== scope && !isInside(process, scope, id);
}

/** Puts activities where they were dropped, into the scopes there or out of those that they were in. Wires that would cross a border go. */
export function rehome(process: ProcessId, moved: readonly Rehomed[]): Edit {
  return inProcess(process, (current) => {
    const boxes = scopeBoxes(current);
    const activities = { ...current.activities };
    const positions = { ...current.layout.positions };
    for (const { id, scope, place } of moved) {
      const activity = activities[id];
      if (activity === undefined) continue;
      activities[id] = withParent(activity, scope);
      positions[id] = rounded(scope === undefined ? place : from(boxes.place(scope), place));
    }
    return { ...current, activities, layout: { ...current.layout, positions } };
  });
}

/**
 * Puts a new scope around activities of one scope. Wires between them stay, wires from and to the others now lead from and to the new
 * scope.
 */
export function groupInto(process: ProcessId, scope: Activity, ids: readonly ActivityId[]): Edit {
  return inProcess(process, (current) => {
    const members = outermost(current, ids).filter((id) => parentOf(current, id) === parentOf(current, ids[0] ?? ''));
    const [first] = members;
    if (first === undefined) return current;
    const places = members.map((id) => current.layout.positions[id] ?? { x: 0, y: 0 });
    const corner = { x: Math.min(...places.map(({ x }) => x)), y: Math.min(...places.map(({ y }) => y)) };
    const inset = { x: scopeInset.left, y: scopeInset.top };
    const positions = { ...current.layout.positions, [scope.id]: from(inset, corner) };
    const activities = { ...current.activities, [scope.id]: withParent(scope, parentOf(current, first)) };
    for (const [index, id] of members.entries()) {
      activities[id] = withParent(current.activities[id]!, scope.id);
      positions[id] = add(from(corner, places[index]!), inset);
    }
    const end = (id: ActivityId, other: ActivityId) =>
      members.includes(id) && !members.includes(other) ? scope.id : id;
    const transitions = current.transitions.map((wire) => {
      const [start, target] = [end(wire.from, wire.to), end(wire.to, wire.from)];
      return start === wire.from && target === wire.to ? wire : { ...wire, from: start, to: target };
    });
    return {
      ...current,
      activities,
      transitions: withoutDoubles(transitions),
      layout: { ...current.layout, positions },
    };
  });
}

/**
 * Takes a scope away and leaves what was in it. What led to the scope now leads to what it began with, and from where it ended to
 * what followed it. A catch has nothing left to catch and goes.
 */
export function ungroup(process: ProcessId, scope: ActivityId, palette: Palette): Edit {
  return inProcess(process, (current) => {
    const isCatch = ({ type }: Activity) => palette.get(type)?.kind === 'catch';
    const members = childrenOf(current, scope);
    const staying = members.filter((activity) => !isCatch(activity)).map(({ id }) => id);
    const corner = current.layout.positions[scope] ?? { x: 0, y: 0 };
    const { [scope]: gone, ...rest } = current.activities;
    if (gone === undefined) return current;
    const activities = Object.fromEntries(
      Object.entries(rest).filter(([id]) => !members.some((one) => one.id === id && isCatch(one))),
    );
    const positions = { ...current.layout.positions };
    for (const id of staying) {
      activities[id] = withParent(current.activities[id]!, gone.parent);
      positions[id] = add(corner, positions[id] ?? { x: 0, y: 0 });
    }
    const inner = current.transitions.filter((wire) => staying.includes(wire.from) && staying.includes(wire.to));
    const begins = staying.filter((id) => !inner.some(({ to }) => to === id));
    const ends = staying.filter((id) => !inner.some((wire) => wire.from === id));
    const transitions = current.transitions.flatMap((wire) => {
      if (wire.to === scope)
        return begins.map((to) => ({ ...wire, id: begins.length > 1 ? `${wire.id}-${to}` : wire.id, to }));
      if (wire.from === scope)
        return ends.map((start) => ({ ...wire, id: ends.length > 1 ? `${wire.id}-${start}` : wire.id, from: start }));
      return [wire];
    });
    return {
      ...current,
      activities,
      transitions: withoutDoubles(transitions),
      layout: { ...current.layout, positions },
    };
  });
}

/** Draws a scope closed, as one node, or open again. */
export function setCollapsed(process: ProcessId, scope: ActivityId, isCollapsed: boolean): Edit {
  return inProcess(process, (current) => {
    const others = (current.layout.collapsed ?? []).filter((id) => id !== scope);
    const { collapsed: _old, ...layout } = current.layout;
    const collapsed = isCollapsed ? [...others, scope] : others;
    return { ...current, layout: collapsed.length ? { ...layout, collapsed } : layout };
  });
}

/** An activity in another scope, or at the top. */
export function withParent({ parent: _old, ...activity }: Activity, parent: ActivityId | undefined): Activity {
  return parent === undefined ? activity : { ...activity, parent };
}

/** Of wires that have come to be the same one stays. */
function withoutDoubles(transitions: Process['transitions']): Process['transitions'] {
  const seen = new Set<string>();
  return transitions.filter(({ from: start, to, kind, condition }) => {
    const key = JSON.stringify([start, to, kind, condition]);
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  });
}

function rounded({ x, y }: Position): Position {
  return { x: Math.round(x), y: Math.round(y) };
}
