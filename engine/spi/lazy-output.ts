/** Key under which a lazy output names the fields that its class computes when they are read. */
export const lazyFields = Symbol('lazy fields');

/**
 * An output with fields that are made when they are first read: getters of its class, named under `lazyFields`. It is data like any
 * other: expressions see all its fields however they run, and as JSON it is an object of them.
 *
 * Code that looks at own fields only (JSONata's interpreter, Object.keys) needs `openFields` first. Making the getters own fields of
 * each object at once would cost more than handing over a record does, so expressions ask for it where they let go of the object.
 */
export abstract class LazyOutput {
  abstract readonly [lazyFields]: readonly string[];

  toJSON(): unknown {
    openFields(this);
    return { ...this };
  }
}

/** Makes the computed fields of a lazy output its own, enumerable ones; they are still made when they are read. */
export function openFields(output: LazyOutput): void {
  const prototype: object = Object.getPrototypeOf(output) as object;
  for (const name of output[lazyFields]) {
    if (Object.hasOwn(output, name)) return;
    const get = Object.getOwnPropertyDescriptor(prototype, name)?.get;
    if (get) Object.defineProperty(output, name, { get, enumerable: true });
  }
}

/** Opens `value` when it is a lazy output; gives it back. */
export function opened<T>(value: T): T {
  if (value instanceof LazyOutput) openFields(value);
  return value;
}
