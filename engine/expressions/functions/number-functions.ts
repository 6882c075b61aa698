import type { Decimal } from '../../formats/decimal.ts';
import { addDecimals, compareDecimals, roundDecimal } from '../../formats/decimal.ts';
import type { AnyNumber } from '../../formats/exact-number.ts';
import { decimalOf, isExactNumber, numberOf, numberOfDecimal } from '../../formats/exact-number.ts';
import { EvaluationFault } from '../expression-error.ts';
import { compareNumbers, computeExactly } from '../values/exact-arithmetic.ts';
import type { Where } from '../values/values.ts';
import { finite } from '../values/values.ts';
import type { FastFunction } from './fast-function.ts';
import { anyNumberOrNothing, listOrNothing, numberOrNothing, wrongKind } from './fast-function.ts';

/** A function of one number; `exactly` does it for numbers that a double cannot hold. */
function ofNumber(compute: (value: number) => number, exactly: (value: Decimal) => Decimal): FastFunction {
  return {
    min: 1,
    max: 1,
    call: (args, where) => {
      const value = anyNumberOrNothing(args, 0, where);
      if (value === undefined) return undefined;
      return typeof value === 'number' ? compute(value) : numberOfDecimal(exactly(decimalOf(value)));
    },
  };
}

/** A function over a list of numbers; `empty` is its result for an empty list. */
function ofNumbers(
  empty: number | undefined,
  compute: (values: readonly AnyNumber[], where: Where) => AnyNumber,
): FastFunction {
  return {
    min: 1,
    max: 1,
    call: (args, where) => {
      const values = listOrNothing<AnyNumber>(args, 0, where, 'number');
      if (values === undefined) return undefined;
      return values.length ? compute(values, where) : empty;
    },
  };
}

function arePlain(values: readonly AnyNumber[]): values is readonly number[] {
  return values.every((value) => typeof value === 'number');
}

function sum(values: readonly AnyNumber[], where: Where): AnyNumber {
  if (arePlain(values)) {
    let total = 0;
    let isWithin = true;
    for (const value of values) {
      total += value;
      isWithin &&= total <= Number.MAX_SAFE_INTEGER && total >= Number.MIN_SAFE_INTEGER;
    }
    // Whole numbers keep every digit of their sum.
    if (isWithin || !values.every(Number.isSafeInteger)) return finite(total, where);
  }
  return values.reduce<AnyNumber>((total, value) => {
    const result = addDecimals(decimalOf(total), decimalOf(value));
    if (!result) throw new EvaluationFault('NUMBER_INEXACT', where, value);
    return numberOfDecimal(result);
  }, 0);
}

const one: Decimal = { coefficient: 1n, exponent: 0 };

/** The whole number below, or above where `up` is set. */
function toWhole(value: Decimal, up: boolean): Decimal {
  const nearest = roundDecimal(value, 0)!;
  const order = compareDecimals(nearest, value);
  if (up) return order < 0 ? addDecimals(nearest, one)! : nearest;
  return order > 0 ? addDecimals(nearest, { ...one, coefficient: -1n })! : nearest;
}

/** JSONata's number functions, by name without $. */
export const numberFunctions: Readonly<Record<string, FastFunction>> = {
  number: { min: 1, max: 1, call: toNumber },
  abs: ofNumber(Math.abs, (value) => (value.coefficient < 0n ? { ...value, coefficient: -value.coefficient } : value)),
  floor: ofNumber(Math.floor, (value) => toWhole(value, false)),
  ceil: ofNumber(Math.ceil, (value) => toWhole(value, true)),
  sqrt: {
    min: 1,
    max: 1,
    call: (args, where) => {
      const value = numberOrNothing(args, 0, where);
      if (value === undefined) return undefined;
      if (value < 0) throw new EvaluationFault('D3060', { ...where, index: 1 }, value);
      return Math.sqrt(value);
    },
  },
  round: {
    min: 1,
    max: 2,
    call: (args, where) => {
      const value = anyNumberOrNothing(args, 0, where);
      const precision = numberOrNothing(args, 1, where) ?? 0;
      if (value === undefined) return undefined;
      if (typeof value === 'number') return finite(round(value, precision), where);
      const rounded = roundDecimal(decimalOf(value), Math.trunc(precision));
      if (!rounded) throw new EvaluationFault('NUMBER_INEXACT', where, value);
      return numberOfDecimal(rounded);
    },
  },
  power: {
    min: 2,
    max: 2,
    call: (args, where) => {
      const base = numberOrNothing(args, 0, where);
      const exponent = numberOrNothing(args, 1, where);
      if (base === undefined) return undefined;
      const result = base ** (exponent ?? Number.NaN);
      if (!Number.isFinite(result)) throw new EvaluationFault('D3061', { ...where, index: 1 }, base);
      return result;
    },
  },
  sum: ofNumbers(0, sum),
  max: ofNumbers(undefined, (values) =>
    values.reduce((best, value) => (compareNumbers(value, best) > 0 ? value : best)),
  ),
  min: ofNumbers(undefined, (values) =>
    values.reduce((best, value) => (compareNumbers(value, best) < 0 ? value : best)),
  ),
  average: ofNumbers(undefined, (values, where) => {
    const total = sum(values, where);
    if (arePlain(values)) return Number(total) / values.length;
    return computeExactly('/', total, values.length, where);
  }),
};

function toNumber(args: readonly unknown[], where: Where): unknown {
  const value = args[0];
  if (value === undefined || typeof value === 'number' || isExactNumber(value)) return value;
  if (typeof value === 'boolean') return value ? 1 : 0;
  if (typeof value !== 'string') throw wrongKind(value, 0, where);
  if (/^-?[0-9]+(\.[0-9]+)?([Ee][-+]?[0-9]+)?$/.test(value) && Number.isFinite(Number(value))) {
    return numberOf(value.replace(/^(-?)0+(?=\d)/, '$1'));
  }
  if (/^(0[xX][0-9A-Fa-f]+|0[oO][0-7]+|0[bB][0-1]+)$/.test(value) && Number.isFinite(Number(value)))
    return numberOf(String(BigInt(value)));
  throw new EvaluationFault('D3030', { ...where, index: 1 }, value);
}

/** Half to even, with the decimal point moved in the text of the number: multiplying by a power of ten would not be exact. */
function round(value: number, precision: number): number {
  const moved = precision ? movePoint(value, precision) : value;
  const nearest = Math.round(moved);
  const isTie = Math.abs(nearest - moved) === 0.5 && Math.abs(nearest % 2) === 1;
  const rounded = isTie ? nearest - 1 : nearest;
  const result = precision ? movePoint(rounded, -precision) : rounded;
  return Object.is(result, -0) ? 0 : result;
}

function movePoint(value: number, places: number): number {
  const [digits, exponent] = value.toString().split('e');
  return Number(`${digits}e${exponent === undefined ? places : Number(exponent) + places}`);
}
