import { EvaluationFault } from '../expression-error.ts';

/** Where in the text an operation stands, for its errors. */
export interface Where {
  readonly position?: number;
  readonly token?: string;
  readonly index?: number;
}

/** JSONata's test for a number: false for NaN, a fault for an infinite one. */
export function isNumeric(value: unknown, where: Where): value is number {
  if (typeof value !== 'number' || Number.isNaN(value)) return false;
  if (!Number.isFinite(value)) throw new EvaluationFault('D1001', where, value);
  return true;
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

/** JSONata's $string for a value that is there: text as it is, anything else as JSON, numbers with 15 significant digits. */
export function toText(value: unknown, where: Where): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'number') {
    if (!Number.isFinite(value)) throw new EvaluationFault('D3001', where, value);
    return numberText(value);
  }
  return JSON.stringify(value, (_key, inner: unknown) => {
    if (typeof inner !== 'number' || !isNumeric(inner, where)) return inner;
    return Number.isInteger(inner) ? inner : Number(inner.toPrecision(15));
  });
}

function numberText(value: number): string {
  return Number.isInteger(value) ? String(value) : String(Number(value.toPrecision(15)));
}

/** JSONata's equality: by value, in any order of fields. */
export function isDeepEqual(first: unknown, second: unknown): boolean {
  if (first === second) return true;
  if (typeof first !== 'object' || typeof second !== 'object' || first === null || second === null) return false;
  if (Array.isArray(first) && Array.isArray(second))
    return first.length === second.length && first.every((item, index) => isDeepEqual(item, second[index]));
  if (Array.isArray(first) || Array.isArray(second)) return false;
  const names = Object.keys(first);
  if (names.length !== Object.keys(second).length) return false;
  return names.every(
    (name) =>
      Object.hasOwn(second, name) &&
      isDeepEqual((first as Record<string, unknown>)[name], (second as Record<string, unknown>)[name]),
  );
}
