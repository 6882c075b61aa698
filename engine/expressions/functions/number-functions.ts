import type { Where } from '../closures/values.ts';
import { EvaluationFault } from '../expression-error.ts';
import type { FastFunction } from './fast-function.ts';
import { listOrNothing, numberOrNothing } from './fast-function.ts';

function ofNumber(compute: (value: number, where: Where) => number): FastFunction {
  return {
    min: 1,
    max: 1,
    call: (args, where) => {
      const value = numberOrNothing(args, 0, where);
      return value === undefined ? undefined : compute(value, where);
    },
  };
}

/** A function over a list of numbers; `empty` is its result for an empty list. */
function ofNumbers(empty: number | undefined, compute: (values: readonly number[]) => number): FastFunction {
  return {
    min: 1,
    max: 1,
    call: (args, where) => {
      const values = listOrNothing<number>(args, 0, where, 'number');
      if (values === undefined) return undefined;
      return values.length ? compute(values) : empty;
    },
  };
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

/** JSONata's number functions, by name without $. */
export const numberFunctions: Readonly<Record<string, FastFunction>> = {
  number: { min: 1, max: 1, call: toNumber },
  abs: ofNumber(Math.abs),
  floor: ofNumber(Math.floor),
  ceil: ofNumber(Math.ceil),
  sqrt: ofNumber((value, where) => {
    if (value < 0) throw new EvaluationFault('D3060', { ...where, index: 1 }, value);
    return Math.sqrt(value);
  }),
  round: {
    min: 1,
    max: 2,
    call: (args, where) => {
      const value = numberOrNothing(args, 0, where);
      const precision = numberOrNothing(args, 1, where);
      return value === undefined ? undefined : round(value, precision ?? 0);
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
  max: ofNumbers(undefined, (values) => values.reduce((best, value) => Math.max(best, value))),
  min: ofNumbers(undefined, (values) => values.reduce((best, value) => Math.min(best, value))),
  average: ofNumbers(undefined, (values) => sum(values) / values.length),
};

function toNumber(args: readonly unknown[], where: Where): unknown {
  const value = args[0];
  if (value === undefined || typeof value === 'number') return value;
  if (typeof value === 'boolean') return value ? 1 : 0;
  if (typeof value === 'string') {
    if (/^-?[0-9]+(\.[0-9]+)?([Ee][-+]?[0-9]+)?$/.test(value) && Number.isFinite(Number(value))) return Number(value);
    if (/^(0[xX][0-9A-Fa-f]+|0[oO][0-7]+|0[bB][0-1]+)$/.test(value)) return Number(value);
  }
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
