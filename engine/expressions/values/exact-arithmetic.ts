import type { Decimal } from '../../formats/decimal.ts';
import {
  addDecimals,
  compareDecimals,
  divideDecimals,
  multiplyDecimals,
  remainderOfDecimals,
  subtractDecimals,
} from '../../formats/decimal.ts';
import type { AnyNumber } from '../../formats/exact-number.ts';
import { decimalOf, isExactNumber, numberOfDecimal } from '../../formats/exact-number.ts';
import { EvaluationFault } from '../expression-error.ts';
import type { Where } from './values.ts';

const operations: Readonly<Record<string, (left: Decimal, right: Decimal) => Decimal | undefined>> = {
  '+': addDecimals,
  '-': subtractDecimals,
  '*': multiplyDecimals,
  '/': divideExactly,
  '%': remainderOfDecimals,
};

/** Digits behind the point up to which a quotient is looked for. */
const quotientPlacesMax = 40;

function divideExactly(left: Decimal, right: Decimal): Decimal | undefined {
  const quotient = divideDecimals(left, right, quotientPlacesMax);
  const back = quotient && multiplyDecimals(quotient, right);
  return back && compareDecimals(back, left) === 0 ? quotient : undefined;
}

/**
 * Arithmetic with a number that a double cannot hold: exact to the last digit. Where no result of finitely many digits exists
 * (10 / 3) it fails with NUMBER_INEXACT.
 */
export function computeExactly(token: string, left: AnyNumber, right: AnyNumber, where: Where): AnyNumber {
  if (right === 0 && (token === '/' || token === '%')) throw new EvaluationFault('D1001', where, Number.NaN);
  const result = operations[token]!(decimalOf(left), decimalOf(right));
  if (!result) throw new EvaluationFault('NUMBER_INEXACT', where, isExactNumber(left) ? left : right);
  return numberOfDecimal(result);
}

/** Below 0, 0 or above 0, as the first number is less than, equal to or more than the second. */
export function compareNumbers(left: AnyNumber, right: AnyNumber): number {
  if (typeof left === 'number' && typeof right === 'number') return left - right;
  return compareDecimals(decimalOf(left), decimalOf(right));
}
