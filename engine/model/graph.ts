import type { ActivityId, Process } from './document.ts';

/** Transitions whose two ends exist; the others are a problem of their own. */
function edges(process: Process): readonly { readonly from: ActivityId; readonly to: ActivityId }[] {
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

/** The given activities and every one that transitions lead to from them. */
export function reachableFrom(process: Process, start: readonly ActivityId[]): ReadonlySet<ActivityId> {
  return walk(start, neighbours(process, 'down'));
}

/** Every activity from which transitions lead to this one: those whose output its expressions may read. */
export function upstreamOf(process: Process, activity: ActivityId): ReadonlySet<ActivityId> {
  const up = neighbours(process, 'up');
  return walk(up.get(activity) ?? [], up);
}

/**
 * All activities so that each stands behind those that lead to it; ties in the order of their ids. Activities on or behind a
 * cycle are left out: the list is shorter than the process exactly when there is a cycle.
 */
export function topologicalOrder(process: Process): readonly ActivityId[] {
  const down = neighbours(process, 'down');
  const incoming = new Map<ActivityId, number>([...down.keys()].map((id) => [id, 0]));
  for (const { to } of edges(process)) incoming.set(to, incoming.get(to)! + 1);
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
  const ordered = new Set(topologicalOrder(process));
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
