import { isExactNumber } from '../../formats/exact-number.ts';
import { isNull } from '../../formats/json-null.ts';
import { append } from '../values/sequence.ts';
import { toBoolean } from '../values/values.ts';
import type { FastFunction } from './fast-function.ts';
import { listOrNothing } from './fast-function.ts';

/** JSONata's functions over lists and any value, by name without $. */
export const listFunctions: Readonly<Record<string, FastFunction>> = {
  count: { min: 1, max: 1, call: (args, where) => listOrNothing(args, 0, where)?.length ?? 0 },
  append: { min: 2, max: 2, call: (args) => append(args[0], args[1]) },
  reverse: { min: 1, max: 1, call: (args, where) => listOrNothing(args, 0, where)?.toReversed() },
  exists: { min: 1, max: 1, call: (args) => args[0] !== undefined },
  boolean: { min: 1, max: 1, call: (args, where) => toBoolean(args[0], where) },
  not: {
    min: 1,
    max: 1,
    call: (args, where) => (args[0] === undefined ? undefined : !toBoolean(args[0], where)),
  },
  type: { min: 1, max: 1, call: (args) => typeName(args[0]) },
};

function typeName(value: unknown): string | undefined {
  if (value === undefined) return undefined;
  if (isNull(value)) return 'null';
  if (isExactNumber(value)) return 'number';
  return Array.isArray(value) ? 'array' : typeof value;
}
