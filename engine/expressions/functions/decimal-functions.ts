import type { Decimal } from '../../formats/decimal.ts';
import {
  addDecimals,
  compareDecimals,
  divideDecimals,
  multiplyDecimals,
  parseDecimal,
  roundDecimal,
  subtractDecimals,
} from '../../formats/decimal.ts';
import type { AnyNumber } from '../../formats/exact-number.ts';
import { decimalOf, isExactNumber, numberOfDecimal } from '../../formats/exact-number.ts';
import { EvaluationFault } from '../expression-error.ts';
import type { Where } from '../values/values.ts';
import { finite } from '../values/values.ts';
import type { FastFunction } from './fast-function.ts';
import { numberOrNothing, wrongKind } from './fast-function.ts';

/** Digits behind the point of a quotient where the expression does not say. */
const quotientPlaces = 20;
const placesMax = 1_000;

/** An argument of a decimal function: a number, or text that is one, such as "0.10". */
function decimalOrNothing(args: readonly unknown[], index: number, where: Where): Decimal | undefined {
  const value = args[index];
  if (value === undefined) return undefined;
  if (typeof value === 'number') return decimalOf(finite(value, where));
  if (isExactNumber(value)) return decimalOf(value);
  if (typeof value !== 'string') throw wrongKind(value, index, where);
  const decimal = parseDecimal(value);
  if (!decimal) throw new EvaluationFault('D3030', { ...where, index: index + 1 }, value);
  return decimal;
}

function placesOrNothing(args: readonly unknown[], index: number, where: Where): number | undefined {
  const places = numberOrNothing(args, index, where);
  if (places !== undefined && (!Number.isInteger(places) || Math.abs(places) > placesMax))
    throw wrongKind(places, index, where);
  return places;
}

function result(decimal: Decimal | undefined, args: readonly unknown[], where: Where): AnyNumber {
  if (!decimal) throw new EvaluationFault('NUMBER_INEXACT', where, args[0]);
  return numberOfDecimal(decimal);
}

function ofTwo(compute: (left: Decimal, right: Decimal) => Decimal | undefined): FastFunction {
  return {
    min: 2,
    max: 2,
    call: (args, where) => {
      const left = decimalOrNothing(args, 0, where);
      const right = decimalOrNothing(args, 1, where);
      return left && right ? result(compute(left, right), args, where) : undefined;
    },
  };
}

/** Arithmetic on decimal digits, of any length: Millrace's own functions, by name without $. */
export const decimalFunctions: Readonly<Record<string, FastFunction>> = {
  decimalAdd: ofTwo(addDecimals),
  decimalSubtract: ofTwo(subtractDecimals),
  decimalMultiply: ofTwo(multiplyDecimals),
  decimalDivide: {
    min: 2,
    max: 3,
    call: (args, where) => {
      const left = decimalOrNothing(args, 0, where);
      const right = decimalOrNothing(args, 1, where);
      const places = placesOrNothing(args, 2, where) ?? quotientPlaces;
      if (!left || !right) return undefined;
      if (right.coefficient === 0n) throw new EvaluationFault('D1001', where, 'a division by 0');
      return result(divideDecimals(left, right, places), args, where);
    },
  },
  decimalRound: {
    min: 1,
    max: 2,
    call: (args, where) => {
      const value = decimalOrNothing(args, 0, where);
      const places = placesOrNothing(args, 1, where) ?? 0;
      return value ? result(roundDecimal(value, places), args, where) : undefined;
    },
  },
  decimalCompare: {
    min: 2,
    max: 2,
    call: (args, where) => {
      const left = decimalOrNothing(args, 0, where);
      const right = decimalOrNothing(args, 1, where);
      return left && right ? Math.sign(compareDecimals(left, right)) : undefined;
    },
  },
  decimalSum: {
    min: 1,
    max: 1,
    call: (args, where) => {
      if (args[0] === undefined) return undefined;
      const items: readonly unknown[] = Array.isArray(args[0]) ? args[0] : [args[0]];
      const zero: Decimal = { coefficient: 0n, exponent: 0 };
      const total = items.reduce<Decimal | undefined>((sum, _item, index) => {
        const item = decimalOrNothing(items, index, where);
        return sum && item ? addDecimals(sum, item) : sum;
      }, zero);
      return result(total, args, where);
    },
  },
};
