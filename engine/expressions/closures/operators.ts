import { EvaluationFault } from '../expression-error.ts';
import type { Where } from './values.ts';
import { isDeepEqual, isNumeric, toBoolean, toText } from './values.ts';

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

/** The function of an operator, or undefined when only the interpreter knows it. */
export function binaryOperator(token: string, position: number | undefined): BinaryOperator | undefined {
  const where: Where = position === undefined ? { token } : { token, position };
  const compute = arithmetic[token];
  if (compute) return arithmeticOperator(compute, where);
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
      return (left, right) =>
        left !== undefined &&
        right !== undefined &&
        (Array.isArray(right) ? right.indexOf(left) !== -1 : right === left);
    default:
      return undefined;
  }
}

function arithmeticOperator(compute: (left: number, right: number) => number, where: Where): BinaryOperator {
  return (left, right) => {
    if (left !== undefined && !isNumeric(left, where)) throw new EvaluationFault('T2001', where, left);
    if (right !== undefined && !isNumeric(right, where)) throw new EvaluationFault('T2002', where, right);
    return left === undefined || right === undefined ? undefined : compute(left, right);
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
    if (typeof left !== typeof right) throw new EvaluationFault('T2009', where, left);
    return compare(left, right);
  };
}

function isComparable(value: unknown): value is number | string | undefined {
  return value === undefined || typeof value === 'number' || typeof value === 'string';
}

/** Truth as `and`, `or` see it: nothing is false. */
export function truth(value: unknown, where: Where): boolean {
  return toBoolean(value, where) ?? false;
}
