import { isExactNumber } from '../../formats/exact-number.ts';
import { jsonNull } from '../../formats/json-null.ts';
import { createSequence } from '../values/sequence.ts';
import { isFunction } from '../values/values.ts';

/** `*`: the values of all fields; those that are lists, item by item. A number has no fields, whatever it is made of. */
export function childrenOf(value: unknown): unknown {
  const found = createSequence();
  for (const child of fieldsOf(value)) addFlat(child, found);
  return found;
}

function addFlat(value: unknown, found: unknown[]): void {
  if (!Array.isArray(value)) found.push(value);
  else for (const item of value) addFlat(item, found);
}

/** `**`: the value itself and everything inside of it. */
export function descendantsOf(value: unknown): unknown {
  if (value === undefined) return undefined;
  const found = createSequence();
  addDescendants(value, found);
  return found.length === 1 ? found[0] : found;
}

function addDescendants(value: unknown, found: unknown[]): void {
  if (!Array.isArray(value)) found.push(value);
  for (const child of Array.isArray(value) ? value : fieldsOf(value)) addDescendants(child, found);
}

function fieldsOf(value: unknown): readonly unknown[] {
  if (typeof value !== 'object' || value === null || isFunction(value)) return [];
  return isExactNumber(value) || value === jsonNull ? [] : Object.values(value);
}
