import type { ActivityCatalog, DeclaredInput } from './activity-catalog.ts';
import { constructOf, loopKinds } from './activity-catalog.ts';
import type { ActivityId, Process } from './document.ts';
import { ancestorsOf, childrenOf, parentOf } from './scopes.ts';

interface Edge {
  readonly from: ActivityId;
  readonly to: ActivityId;
}

/** Transitions whose two ends exist; the others are a problem of their own. */
function edges(process: Process): readonly Edge[] {
  return process.transitions.filter(
    ({ from, to }) => Object.hasOwn(process.activities, from) && Object.hasOwn(process.activities, to),
  );
}

function neighbours(process: Process, direction: 'down' | 'up'): ReadonlyMap<ActivityId, readonly ActivityId[]> {
  const map = new Map<ActivityId, ActivityId[]>(Object.keys(process.activities).map((id) => [id, []]));
  for (const { from, to } of edges(process)) {
    if (direction === 'down') map.get(from)!.push(to);
    else map.get(to)!.push(from);
  }
  return map;
}

function walk(start: readonly ActivityId[], next: ReadonlyMap<ActivityId, readonly ActivityId[]>): Set<ActivityId> {
  const seen = new Set<ActivityId>();
  const waiting = [...start];
  for (let id = waiting.pop(); id !== undefined; id = waiting.pop()) {
    if (seen.has(id)) continue;
    seen.add(id);
    waiting.push(...(next.get(id) ?? []));
  }
  return seen;
}

/**
 * The given activities and every one that transitions lead to from them. Where a scope is reached, so is what it begins with: its
 * activities without a transition to them.
 */
export function reachableFrom(process: Process, start: readonly ActivityId[]): ReadonlySet<ActivityId> {
  const down = neighbours(process, 'down');
  const targets = new Set(edges(process).map(({ to }) => to));
  const inside = new Map<ActivityId, ActivityId[]>();
  for (const id of down.keys()) {
    const scope = parentOf(process, id);
    if (scope !== undefined && !targets.has(id)) inside.set(scope, [...(inside.get(scope) ?? []), id]);
  }
  return walk(start, new Map([...down].map(([id, next]) => [id, [...next, ...(inside.get(id) ?? [])]])));
}

/**
 * Every activity whose output the expressions of this one may read: those from which transitions lead to it; for one in a scope also
 * those before the scope, and a loop around it by its own name; and behind a catch all others beside it, which may have run before one of
 * them failed. `reads`: for an expression that a construct evaluates at a time of its own.
 */
export function upstreamOf(
  process: Process,
  activity: ActivityId,
  catalog: ActivityCatalog,
  reads?: DeclaredInput['reads'],
): ReadonlySet<ActivityId> {
  const up = neighbours(process, 'up');
  const found = walk(up.get(activity) ?? [], up);
  addBehindCatch(process, activity, found, catalog);
  for (const id of ancestorsOf(process, activity)) {
    const before = walk(up.get(id) ?? [], up);
    addBehindCatch(process, id, before, catalog);
    for (const each of before) found.add(each);
    if (isLoop(process, id, catalog)) found.add(id);
  }
  if (reads !== undefined) found.add(activity);
  if (reads === 'inside') for (const { id } of childrenOf(process, activity)) found.add(id);
  return found;
}

/** Adds to what is before an activity what may have run before a catch, when it stands behind that. */
function addBehindCatch(process: Process, id: ActivityId, before: Set<ActivityId>, catalog: ActivityCatalog): void {
  const scope = parentOf(process, id);
  const branch = catchBranch(process, scope, catalog);
  if (!branch.has(id)) return;
  for (const other of childrenOf(process, scope)) if (!branch.has(other.id)) before.add(other.id);
}

/** Whether an activity repeats what is in it. */
function isLoop(process: Process, id: ActivityId, catalog: ActivityCatalog): boolean {
  const construct = constructOf(catalog.get(process.activities[id]?.type ?? ''));
  return construct !== undefined && loopKinds.includes(construct);
}

/** The catches of a scope, what undoes it, and all that transitions lead to from them. */
export function catchBranch(
  process: Process,
  scope: ActivityId | undefined,
  catalog: ActivityCatalog,
): ReadonlySet<ActivityId> {
  const catches = childrenOf(process, scope).filter(({ id }) => isCatch(process, id, catalog));
  return walk(
    catches.map(({ id }) => id),
    neighbours(process, 'down'),
  );
}

function isCatch(process: Process, id: ActivityId, catalog: ActivityCatalog): boolean {
  return catalog.get(process.activities[id]?.type ?? '')?.kind === 'catch';
}

/**
 * All activities so that each stands behind those that lead to it, and what is in a scope behind the scope; ties in the order of their
 * ids. Activities on or behind a cycle are left out.
 */
export function topologicalOrder(process: Process): readonly ActivityId[] {
  const inside = Object.keys(process.activities).flatMap((to) => {
    const from = parentOf(process, to);
    return from === undefined ? [] : [{ from, to }];
  });
  return sorted(process, [...edges(process), ...inside]);
}

/** The list is shorter than the process exactly when the edges have a cycle. */
function sorted(process: Process, all: readonly Edge[]): readonly ActivityId[] {
  const down = new Map<ActivityId, ActivityId[]>(Object.keys(process.activities).map((id) => [id, []]));
  const incoming = new Map<ActivityId, number>([...down.keys()].map((id) => [id, 0]));
  for (const { from, to } of all) {
    down.get(from)!.push(to);
    incoming.set(to, incoming.get(to)! + 1);
  }
  const ready = [...incoming].filter(([, count]) => count === 0).map(([id]) => id);
  const order: ActivityId[] = [];
  while (ready.length) {
    const id = ready.sort().shift()!;
    order.push(id);
    for (const next of down.get(id)!) {
      incoming.set(next, incoming.get(next)! - 1);
      if (incoming.get(next) === 0) ready.push(next);
    }
  }
  return order;
}

/** The activities of one cycle in the order of its transitions, from the first in the document on, or undefined when there is none. */
export function findCycle(process: Process): readonly ActivityId[] | undefined {
  const ordered = new Set(sorted(process, edges(process)));
  const up = neighbours(process, 'up');
  const start = Object.keys(process.activities).find((id) => !ordered.has(id));
  if (start === undefined) return undefined;
  // Each activity that is left has a predecessor that is left, so walking up must come back to where it has been.
  const trail: ActivityId[] = [];
  let at = start;
  while (!trail.includes(at)) {
    trail.push(at);
    at = up.get(at)!.find((id) => !ordered.has(id))!;
  }
  const circle = trail.slice(trail.indexOf(at)).reverse();
  const first = circle.indexOf(Object.keys(process.activities).find((id) => circle.includes(id))!);
  return [...circle.slice(first), ...circle.slice(0, first)];
}
