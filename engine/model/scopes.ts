import type { Activity, ActivityId, Process } from './document.ts';

/**
 * Scopes, read off the flat list of activities: each may name the scope that it stands in. A `parent` that is not there, or that leads
 * in a circle, is a problem of its own (rules/); nothing here loops on it.
 */

/** Scopes that stand in one another, at most. People read three; what walks the tree of scopes in depth is bounded by it. */
export const scopeDepthMax = 32;

/** What says how scopes stand: a process, or part of one. */
type Activities = Pick<Process, 'activities'>;

/** The scope that an activity stands in; undefined at the top of the process, and for a parent that is not there. */
export function parentOf(process: Activities, id: ActivityId): ActivityId | undefined {
  const parent = activityOf(process, id)?.parent;
  return parent !== undefined && activityOf(process, parent) ? parent : undefined;
}

/** The scopes around an activity, the innermost first. */
export function ancestorsOf(process: Activities, id: ActivityId): readonly ActivityId[] {
  const found = new Set<ActivityId>();
  for (let at = parentOf(process, id); at !== undefined && !found.has(at); at = parentOf(process, at)) found.add(at);
  return [...found];
}

/** Whether an activity stands in a scope, directly or in a scope inside of it. */
export function isInside(process: Process, id: ActivityId, scope: ActivityId): boolean {
  return ancestorsOf(process, id).includes(scope);
}

/** Whether an activity never executes: it is disabled, or a scope around it is. */
export function isSwitchedOff(process: Process, id: ActivityId): boolean {
  return [id, ...ancestorsOf(process, id)].some((each) => activityOf(process, each)?.disabled === true);
}

/** Activities that stand directly in a scope; those at the top of the process for undefined. */
export function childrenOf(process: Process, scope: ActivityId | undefined): readonly Activity[] {
  return Object.values(process.activities).filter(({ id }) => parentOf(process, id) === scope);
}

/** The given activities and all that stand inside of them, in the order of the document. */
export function withInside(process: Process, ids: Iterable<ActivityId>): readonly ActivityId[] {
  const given = new Set(ids);
  const isIn = (id: ActivityId) => given.has(id) || ancestorsOf(process, id).some((scope) => given.has(scope));
  return Object.keys(process.activities).filter(isIn);
}

/** The given activities without those that stand inside of another one of them. */
export function outermost(process: Process, ids: readonly ActivityId[]): readonly ActivityId[] {
  const given = new Set(ids);
  return ids.filter((id) => !ancestorsOf(process, id).some((scope) => given.has(scope)));
}

function activityOf(process: Activities, id: ActivityId): Activity | undefined {
  return Object.hasOwn(process.activities, id) ? process.activities[id] : undefined;
}
