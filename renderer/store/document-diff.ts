import type { Project } from '../../engine/model/document.ts';
import { isJsonObject } from '../../engine/model/json-value.ts';

/** One place where two documents differ; `undefined` stands for "not there". */
interface Difference {
  readonly path: readonly string[];
  readonly before: unknown;
  readonly after: unknown;
}

/** How to get from one document to another, and back. */
export type ProjectDiff = readonly Difference[];

/** Where two documents differ. Objects are compared key by key, arrays and everything else as a whole; shared parts cost nothing. */
export function diff(before: Project, after: Project): ProjectDiff {
  const found: Difference[] = [];
  collect(before, after, [], found);
  return found;
}

/** The document after a difference. */
export function applyDiff(project: Project, differences: ProjectDiff): Project {
  return differences.reduce<unknown>((current, { path, after }) => withValue(current, path, after), project) as Project;
}

/** The difference that leads back. */
export function reverseDiff(differences: ProjectDiff): ProjectDiff {
  return differences.map(({ path, before, after }) => ({ path, before: after, after: before })).reverse();
}

function collect(before: unknown, after: unknown, path: readonly string[], found: Difference[]): void {
  if (before === after || isSameList(before, after)) return;
  if (!isJsonObject(before) || !isJsonObject(after) || !haveSameOrder(before, after)) {
    found.push({ path, before, after });
    return;
  }
  for (const key of new Set([...Object.keys(before), ...Object.keys(after)]))
    collect(before[key], after[key], [...path, key], found);
}

function isSameList(before: unknown, after: unknown): boolean {
  if (!Array.isArray(before) || !Array.isArray(after) || before.length !== after.length) return false;
  return before.every((item, index) => item === after[index]);
}

/** Only then can key by key changes restore the document exactly: keys that both have stand in one order, new ones at the end. */
function haveSameOrder(before: object, after: object): boolean {
  const inAfter = Object.keys(before).filter((key) => key in after);
  const isAtEnd = (longer: object, common: readonly string[]) =>
    Object.keys(longer)
      .slice(0, common.length)
      .every((key, index) => key === common[index]);
  return isAtEnd(before, inAfter) && isAtEnd(after, inAfter);
}

function withValue(target: unknown, path: readonly string[], value: unknown): unknown {
  const [key, ...rest] = path;
  if (key === undefined) return value;
  const owner = isJsonObject(target) ? target : {};
  const next = withValue(owner[key], rest, value);
  if (next !== undefined) return { ...owner, [key]: next };
  const { [key]: _gone, ...others } = owner;
  return others;
}
