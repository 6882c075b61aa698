import { isJsonObject } from './json-value.ts';

/** One place that differs. `undefined` stands for a field that is not there. */
export interface Change {
  readonly path: readonly string[];
  readonly before: unknown;
  readonly after: unknown;
}

/** What turns one document into another: what the history keeps for undo. */
export type Diff = readonly Change[];

/**
 * The difference of two documents, as small as its fields allow; lists count as one value, and so does an object whose fields
 * cannot be put back in their order one by one. Parts that both documents share by
 * reference are not looked into, so the cost follows the edit and not the project.
 */
export function diff(before: unknown, after: unknown): Diff {
  const changes: Change[] = [];
  collect(before, after, [], changes);
  return changes;
}

function collect(before: unknown, after: unknown, path: readonly string[], changes: Change[]): void {
  if (before === after) return;
  if (!isJsonObject(before) || !isJsonObject(after) || !keepsOrder(before, after)) {
    if (!isSame(before, after)) changes.push({ path, before, after });
    return;
  }
  for (const name of new Set([...Object.keys(before), ...Object.keys(after)]))
    collect(own(before, name), own(after, name), [...path, name], changes);
}

/** New fields come last and only last ones went: then changes field by field give every field its place back. */
function keepsOrder(before: object, after: object): boolean {
  const common = Object.keys(before).filter((name) => Object.hasOwn(after, name));
  const begins = (names: readonly string[]) => common.every((name, index) => names[index] === name);
  return begins(Object.keys(before)) && begins(Object.keys(after));
}

function own(object: object, name: string): unknown {
  return Object.hasOwn(object, name) ? (object as Record<string, unknown>)[name] : undefined;
}

function isSame(a: unknown, b: unknown): boolean {
  return Array.isArray(a) && Array.isArray(b) && JSON.stringify(a) === JSON.stringify(b);
}

/** The document after a difference; what did not change is shared with the one before. */
export function applyDiff<T>(document: T, changes: Diff): T {
  return changes.reduce<unknown>((result, { path, after }) => withValue(result, path, after), document) as T;
}

/** The difference that leads back: `applyDiff(after, reverseDiff(diff(before, after)))` equals `before`. */
export function reverseDiff(changes: Diff): Diff {
  return changes.map(({ path, before, after }) => ({ path, before: after, after: before })).reverse();
}

function withValue(target: unknown, path: readonly string[], value: unknown): unknown {
  const [name, ...rest] = path;
  if (name === undefined) return value;
  const object: Readonly<Record<string, unknown>> = isJsonObject(target) ? target : {};
  const inner = withValue(own(object, name), rest, value);
  const { [name]: _old, ...others } = object;
  // Spread keeps the place of a field that was there, so the order of fields does not jump about.
  return inner === undefined ? others : { ...object, [name]: inner };
}
