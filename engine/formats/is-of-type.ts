import { isExactNumber } from './exact-number.ts';
import { isNull } from './json-null.ts';

/** Whether a value is one of JSON's types, or `integer`; `any` is every value. A number that a double cannot hold is one. */
export function isOfType(type: string, value: unknown): boolean {
  switch (type) {
    case 'any':
      return true;
    case 'integer':
      return Number.isInteger(value) || (isExactNumber(value) && /^-?\d+$/.test(value.text));
    default:
      return typeNameOf(value) === type;
  }
}

/** JSON's name of the type of a value; `missing` for none. */
export function typeNameOf(value: unknown): string {
  if (value === undefined) return 'missing';
  if (value === null || isNull(value)) return 'null';
  if (Array.isArray(value)) return 'array';
  return isExactNumber(value) ? 'number' : typeof value;
}
