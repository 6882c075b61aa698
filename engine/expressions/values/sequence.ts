import { LazyOutput, openFields } from '../../spi/lazy-output.ts';

/**
 * JSONata's sequences: a path that may find several values gives a flagged array; with one value in it stands for that value,
 * with none for nothing. Arrays of the data and of array constructors are not flagged and stay as they are.
 */
export interface Sequence extends Array<unknown> {
  sequence?: true;
}

/** A new sequence. */
export function createSequence(...items: unknown[]): Sequence {
  const sequence: Sequence = items;
  sequence.sequence = true;
  return sequence;
}

/** True for a flagged array. */
export function isSequence(value: unknown): value is Sequence {
  return Array.isArray(value) && (value as Sequence).sequence === true;
}

/** What a sequence stands for: nothing, its only value, or itself. Other values stand for themselves. */
export function unwrap(value: unknown): unknown {
  if (!isSequence(value)) return value;
  return value.length > 1 ? value : value[0];
}

/** A value as it leaves the expression or enters what it builds: plain data, without the flag, with all its fields. */
export function released(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return isSequence(value) ? value.map(released) : value;
  if (value instanceof LazyOutput) openFields(value);
  return value;
}

/** Two results after each other: what an array constructor does with its items. */
export function append(first: unknown, second: unknown): unknown {
  if (first === undefined) return second;
  if (second === undefined) return first;
  const head = Array.isArray(first) ? first : [first];
  return head.concat(Array.isArray(second) ? second : [second]);
}

const inherited = new Set([...Object.getOwnPropertyNames(Object.prototype), 'toJSON', 'text', 'bytes']);

/** Reads a field of plain data. Names that every object inherits (`constructor`) count only where the data has them itself. */
export function fieldReader(name: string): (object: object) => unknown {
  if (inherited.has(name))
    return (object) => (Object.hasOwn(object, name) ? (object as Record<string, unknown>)[name] : undefined);
  return (object) => (object as Record<string, unknown>)[name];
}

/** The field `read` of a value; of every item where it is an array, as a sequence. */
export function lookup(value: unknown, read: (object: object) => unknown): unknown {
  if (typeof value !== 'object' || value === null) return undefined;
  if (!Array.isArray(value)) return read(value);
  const found = createSequence();
  for (const item of value) {
    const one = lookup(item, read);
    if (Array.isArray(one)) for (const inner of one) found.push(inner);
    else if (one !== undefined) found.push(one);
  }
  return found;
}
