import type { AnyNumber } from '../../formats/exact-number.ts';
import { isExactNumber } from '../../formats/exact-number.ts';
import { isNull } from '../../formats/json-null.ts';
import { EvaluationFault } from '../expression-error.ts';
import { compareNumbers, computeExactly } from '../values/exact-arithmetic.ts';
import type { Where } from '../values/values.ts';
import { finite, isAnyNumber, isDeepEqual, toBoolean, toText } from '../values/values.ts';

/** An operator over two values that are both evaluated first. */
export type BinaryOperator = (left: unknown, right: unknown) => unknown;

const arithmetic: Readonly<Record<string, (left: number, right: number) => number>> = {
  '+': (left, right) => left + right,
  '-': (left, right) => left - right,
  '*': (left, right) => left * right,
  '/': (left, right) => left / right,
  '%': (left, right) => left % right,
};

const comparisons: Readonly<Record<string, <T extends number | string>(left: T, right: T) => boolean>> = {
  '<': (left, right) => left < right,
  '<=': (left, right) => left <= right,
  '>': (left, right) => left > right,
  '>=': (left, right) => left >= right,
};

/** The function of an operator, for closures and interpreter alike; undefined for those that are more than a function (`and`, `..`). */
export function binaryOperator(token: string, position: number | undefined): BinaryOperator | undefined {
  const where: Where = position === undefined ? { token } : { token, position };
  const compute = arithmetic[token];
  if (compute) return arithmeticOperator(token, compute, where);
  const compare = comparisons[token];
  if (compare) return comparisonOperator(compare, where);
  switch (token) {
    case '=':
      return (left, right) => left !== undefined && right !== undefined && isDeepEqual(left, right);
    case '!=':
      return (left, right) => left !== undefined && right !== undefined && !isDeepEqual(left, right);
    case '&':
      return (left, right) =>
        (left === undefined ? '' : toText(left, where)) + (right === undefined ? '' : toText(right, where));
    case 'in':
      return (left, right) => left !== undefined && right !== undefined && isIn(left, right);
    default:
      return undefined;
  }
}

/** Objects and lists are looked for as themselves, as in JSONata; numbers and null by their value. */
function isIn(value: unknown, list: unknown): boolean {
  const items: readonly unknown[] = Array.isArray(list) ? list : [list];
  if (items.includes(value) && !Number.isNaN(value)) return true;
  if (isNull(value)) return items.some(isNull);
  return (typeof value === 'number' || isExactNumber(value)) && items.some((item) => isDeepEqual(item, value));
}

/** The minus in front of a value. */
export function negate(value: unknown, where: Where): AnyNumber | undefined {
  if (value === undefined) return undefined;
  if (!isAnyNumber(value, where)) throw new EvaluationFault('D1002', where, value);
  return typeof value === 'number' ? -value : computeExactly('-', 0, value, where);
}

function arithmeticOperator(
  token: string,
  compute: (left: number, right: number) => number,
  where: Where,
): BinaryOperator {
  return (left, right) => {
    if (typeof left === 'number' && typeof right === 'number') {
      const result = compute(left, right);
      if (result <= Number.MAX_SAFE_INTEGER && result >= Number.MIN_SAFE_INTEGER) return result;
    }
    if (left !== undefined && !isAnyNumber(left, where)) throw new EvaluationFault('T2001', where, left);
    if (right !== undefined && !isAnyNumber(right, where)) throw new EvaluationFault('T2002', where, right);
    if (left === undefined || right === undefined) return undefined;
    if (typeof left === 'number' && typeof right === 'number') {
      const rounded = finite(compute(left, right), where);
      // Whole numbers whose sum or product is beyond 2^53 keep its digits.
      if (!Number.isSafeInteger(left) || !Number.isSafeInteger(right)) return rounded;
    }
    return computeExactly(token, left, right, where);
  };
}

function comparisonOperator(
  compare: <T extends number | string>(left: T, right: T) => boolean,
  where: Where,
): BinaryOperator {
  return (left, right) => {
    if (!isComparable(left)) throw new EvaluationFault('T2010', where, left);
    if (!isComparable(right)) throw new EvaluationFault('T2010', where, right);
    if (left === undefined || right === undefined) return undefined;
    if (typeof left === 'string' || typeof right === 'string') {
      if (typeof left === 'string' && typeof right === 'string') return compare(left, right);
      throw new EvaluationFault('T2009', where, left);
    }
    if (typeof left === 'number' && typeof right === 'number') return compare(left, right);
    return compare(compareNumbers(left, right), 0);
  };
}

function isComparable(value: unknown): value is AnyNumber | string | undefined {
  return value === undefined || typeof value === 'number' || typeof value === 'string' || isExactNumber(value);
}

/** Truth as `and`, `or` see it: nothing is false. */
export function truth(value: unknown, where: Where): boolean {
  return toBoolean(value, where) ?? false;
}
