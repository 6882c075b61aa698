import { BytesValue } from '../../formats/bytes-value.ts';
import { isExactNumber } from '../../formats/exact-number.ts';
import { jsonNull } from '../../formats/json-null.ts';
import { sourceOf } from '../../formats/source-text.ts';
import { LazyOutput, opened, openFields } from '../../spi/lazy-output.ts';
import { EvaluationFault } from '../expression-error.ts';
import { finite, isFunction } from '../values/values.ts';

/**
 * What the interpreter gave, as plain data: without the marks that it leaves on lists. Parts that are plain already stay the very same
 * objects. A function alone stays one, for whoever gets it to refuse; one inside of data is a fault, and so is a number that is none.
 */
export function plainData(value: unknown): unknown {
  return isFunction(value) ? asFunction : plain(value);
}

/** Stands for every function of JSONata: they hold the whole state of the interpreter. */
function asFunction(): void {}

function plain(value: unknown): unknown {
  if (typeof value === 'number') return finite(value, {});
  if (typeof value === 'function') throw new EvaluationFault('DATA_EXPECTED', {});
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return plainList(value);
  if (isFunction(value)) throw new EvaluationFault('DATA_EXPECTED', {});
  if (isExactNumber(value) || value === jsonNull || value instanceof BytesValue || value instanceof Uint8Array)
    return value;
  if (sourceOf(value)) return value;
  if (value instanceof LazyOutput) {
    openFields(value);
    return value;
  }
  return plainObject(value as Readonly<Record<string, unknown>>);
}

function plainList(list: readonly unknown[]): readonly unknown[] {
  if (sourceOf(list)) return list;
  const items = list.map(plain);
  return hasMarks(list) || items.some((item, index) => item !== list[index]) ? items : list;
}

/** JSONata marks a list with properties of its own, among them a `push` that counts. */
function hasMarks(list: readonly unknown[]): boolean {
  return Object.hasOwn(list, 'sequence') || Object.hasOwn(list, 'cons') || Object.hasOwn(list, 'keepSingleton');
}

function plainObject(object: Readonly<Record<string, unknown>>): unknown {
  let copy: Record<string, unknown> | undefined;
  for (const name of Object.keys(object)) {
    const value = object[name];
    const made = plain(value);
    if (made === value) continue;
    copy ??= { ...object };
    copy[name] = made;
  }
  return copy ?? object;
}

/** A copy that shares no list and no object with the data: what `$clone` gives, and `|...|...|` changes. */
export function deepCopy(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(deepCopy);
  if (typeof value !== 'object' || value === null || isExactNumber(value) || value === jsonNull) return value;
  if (isFunction(value)) return '';
  return Object.fromEntries(Object.entries(opened(value)).map(([name, part]) => [name, deepCopy(part)]));
}
