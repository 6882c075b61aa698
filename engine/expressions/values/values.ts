import type { AnyNumber } from '../../formats/exact-number.ts';
import { isExactNumber } from '../../formats/exact-number.ts';
import { isNull } from '../../formats/json-null.ts';
import { EvaluationFault } from '../expression-error.ts';
import { compareNumbers } from './exact-arithmetic.ts';

/** Where in the text an operation stands, for its errors. */
export interface Where {
  readonly position?: number;
  readonly token?: string;
  readonly index?: number;
}

/** JSONata's test for a plain number: false for NaN, a fault for an infinite one. */
export function isNumeric(value: unknown, where: Where): value is number {
  if (typeof value !== 'number' || Number.isNaN(value)) return false;
  if (!Number.isFinite(value)) throw new EvaluationFault('D1001', where, value);
  return true;
}

/** The same for any number, also one that a double cannot hold. */
export function isAnyNumber(value: unknown, where: Where): value is AnyNumber {
  return isNumeric(value, where) || isExactNumber(value);
}

/** The result of a calculation; a fault where it is no number that data can hold (1/0, 0/0). */
export function finite(value: number, where: Where): number {
  if (!Number.isFinite(value)) throw new EvaluationFault('D1001', where, value);
  return value;
}

/** JSONata's $boolean: undefined stays undefined; empty text, list or object, 0, null and false are false; a list needs one true item. */
export function toBoolean(value: unknown, where: Where): boolean | undefined {
  switch (typeof value) {
    case 'undefined':
      return undefined;
    case 'boolean':
      return value;
    case 'string':
      return value.length > 0;
    case 'number':
      return isNumeric(value, where) && value !== 0;
    case 'object':
      if (value === null) return false;
      if (!Array.isArray(value)) return Object.keys(value).length > 0;
      if (value.length === 1) return toBoolean(value[0], where) ?? false;
      return value.filter((item) => toBoolean(item, where)).length > 0;
    default:
      return false;
  }
}

/** Whether a condition with this result holds: true in JSONata's sense. Nothing is false, an infinite number is true. */
export function isTrue(value: unknown): boolean {
  try {
    return toBoolean(value, {}) ?? false;
  } catch (thrown) {
    if (thrown instanceof EvaluationFault) return true;
    throw thrown;
  }
}

/**
 * JSONata's $string for a value that is there: text as it is, anything else as JSON. A number has 15 significant digits, or all of its
 * own where a double cannot hold it. Functions are empty texts.
 */
export function toText(value: unknown, where: Where, isPretty = false): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'number') {
    if (!Number.isFinite(value)) throw new EvaluationFault('D3001', where, value);
    return numberText(value);
  }
  if (isFunction(value)) return '';
  const shown = (_key: string, inner: unknown): unknown => {
    if (isFunction(inner)) return '';
    if (typeof inner !== 'number' || !isNumeric(inner, where)) return inner;
    return Number.isInteger(inner) ? inner : Number(inner.toPrecision(15));
  };
  return JSON.stringify(value, shown, isPretty ? 2 : 0);
}

function numberText(value: number): string {
  return Number.isInteger(value) ? String(value) : String(Number(value.toPrecision(15)));
}

/** A function of JSONata's: one of the library, a lambda, or a pattern. */
export function isFunction(value: unknown): boolean {
  if (typeof value === 'function') return true;
  if (typeof value !== 'object' || value === null) return false;
  const marked = value as { readonly _jsonata_function?: unknown; readonly _jsonata_lambda?: unknown };
  return marked._jsonata_function === true || marked._jsonata_lambda === true;
}

/** JSONata's equality: by value, in any order of fields. */
export function isDeepEqual(first: unknown, second: unknown): boolean {
  if (first === second) return true;
  if (isExactNumber(first) || isExactNumber(second)) return isSameNumber(first, second);
  if (typeof first !== 'object' || typeof second !== 'object') return false;
  if (isNull(first) || isNull(second)) return isNull(first) && isNull(second);
  if (Array.isArray(first) && Array.isArray(second))
    return first.length === second.length && first.every((item, index) => isDeepEqual(item, second[index]));
  if (Array.isArray(first) || Array.isArray(second)) return false;
  const [left, right] = [first as Record<string, unknown>, second as Record<string, unknown>];
  const names = Object.keys(left);
  if (names.length !== Object.keys(right).length) return false;
  return names.every((name) => Object.hasOwn(right, name) && isDeepEqual(left[name], right[name]));
}

function isSameNumber(first: unknown, second: unknown): boolean {
  const isNumber = (value: unknown): value is AnyNumber => Number.isFinite(value) || isExactNumber(value);
  return isNumber(first) && isNumber(second) && compareNumbers(first, second) === 0;
}
