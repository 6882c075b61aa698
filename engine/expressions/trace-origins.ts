import { keepOrigins, originsOf } from '../formats/source-text.ts';
import { LazyOutput, openFields } from '../spi/lazy-output.ts';

/** Items of a list that are looked at for decoded data. */
const itemsMax = 100;

/**
 * Remembers of which decoded data the result of an expression is a part, or holds parts, so that they leave as the bytes that came.
 * `paths` are what the expression reads of `context`; `isBuilt` says that the result is an object or list of its own.
 */
export function traceOrigins(
  value: object,
  isBuilt: boolean,
  context: unknown,
  paths: readonly (readonly string[])[],
): void {
  // The usual result, an object of texts and numbers, is done with here.
  if ((isBuilt && !holdsObject(value)) || !isPlain(value) || originsOf(value)) return;
  const roots = new Set<object>();
  try {
    for (const path of paths) addAlong(context, path, 0, roots);
  } catch {
    // Of a field that the expression did not need, and that cannot be decoded, nothing stands in its result.
  }
  keepOrigins(value, [...roots]);
}

/** The same for what the interpreter gave: `roots` is what it read. */
export function traceInterpreted(value: unknown, roots: ReadonlySet<object>): unknown {
  if (typeof value === 'object' && value !== null && isPlain(value)) keepOrigins(value, [...roots]);
  return value;
}

/** JSONata makes objects without a prototype. */
function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return Array.isArray(value) || prototype === Object.prototype || prototype === null;
}

function holdsObject(built: object): boolean {
  for (const name in built) {
    const value = (built as Record<string, unknown>)[name];
    if (typeof value === 'object' && value !== null) return true;
  }
  return false;
}

function addAlong(value: unknown, path: readonly string[], at: number, roots: Set<object>): void {
  if (typeof value !== 'object' || value === null) return;
  const found = originsOf(value);
  if (found) for (const root of found) roots.add(root);
  else if (Array.isArray(value)) for (const item of value.slice(0, itemsMax)) addAlong(item, path, at, roots);
  else if (at < path.length && path[at]! in value)
    addAlong((value as Record<string, unknown>)[path[at]!], path, at + 1, roots);
}

/**
 * The context of an interpretation. Lazy outputs show all their fields and make each of them once, however many other jobs have their
 * turn meanwhile; what was decoded, now or before, is added to `roots`.
 */
export function trackedContext(context: unknown, roots: Set<object>): unknown {
  if (context instanceof LazyOutput) return madeOnce(context, roots);
  if (typeof context !== 'object' || context === null || Array.isArray(context)) return context;
  const outputs: Record<string, unknown> = { ...context };
  for (const [name, output] of Object.entries(outputs)) {
    if (output instanceof LazyOutput) outputs[name] = madeOnce(output, roots);
    else if (typeof output === 'object' && output !== null) addWithin(output, roots);
  }
  return outputs;
}

/** Roots of an output, or of its fields: a Mapper makes one of several results. */
function addWithin(output: object, roots: Set<object>): void {
  for (const value of [output, ...Object.values(output).slice(0, itemsMax)])
    if (typeof value === 'object' && value !== null) for (const root of originsOf(value) ?? []) roots.add(root);
}

function madeOnce(output: LazyOutput, roots: Set<object>): object {
  openFields(output);
  const fields: Record<string, unknown> = {};
  for (const [name, { get, value }] of Object.entries(Object.getOwnPropertyDescriptors(output))) {
    let made: { readonly value: unknown } | undefined;
    const make = (): unknown => {
      if (made) return made.value;
      made = { value: get!.call(output) };
      if (typeof made.value === 'object' && made.value !== null) addWithin(made.value, roots);
      return made.value;
    };
    Object.defineProperty(fields, name, get ? { get: make, enumerable: true } : { value, enumerable: true });
  }
  return fields;
}
