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

/**
 * The document after a difference; what did not change is shared with the one before. Each object on the way to a change is
 * copied once, however many changes lie in it: the cost follows the difference, not the project.
 */
export function applyDiff<T>(document: T, changes: Diff): T {
  const copies = new Set<object>();
  let root: unknown = document;
  for (const { path, after } of changes) {
    if (path.length === 0) root = after;
    else {
      root = copyOnce(root, copies);
      put(root as JsonCopy, path, after, copies);
    }
  }
  return root as T;
}

/** The difference that leads back: `applyDiff(after, reverseDiff(diff(before, after)))` equals `before`. */
export function reverseDiff(changes: Diff): Diff {
  return changes.map(({ path, before, after }) => ({ path, before: after, after: before })).reverse();
}

type JsonCopy = Record<string, unknown>;

/** The object itself when it is one of our copies, else a copy of it; anything else becomes an empty object. */
function copyOnce(value: unknown, copies: Set<object>): JsonCopy {
  if (isJsonObject(value) && copies.has(value)) return value as JsonCopy;
  const copy: JsonCopy = isJsonObject(value) ? { ...value } : {};
  copies.add(copy);
  return copy;
}

function put(root: JsonCopy, path: readonly string[], value: unknown, copies: Set<object>): void {
  let target = root;
  for (const name of path.slice(0, -1)) {
    const inner = copyOnce(own(target, name), copies);
    setOwn(target, name, inner);
    target = inner;
  }
  const last = path.at(-1)!;
  // A field that stays keeps its place, so the order of fields does not jump about.
  if (value === undefined) delete target[last];
  else setOwn(target, last, value);
}

/** Assigning to `__proto__` would change what the object is, not what it holds. */
function setOwn(target: JsonCopy, name: string, value: unknown): void {
  if (name !== '__proto__') target[name] = value;
  else Object.defineProperty(target, name, { value, writable: true, enumerable: true, configurable: true });
}
