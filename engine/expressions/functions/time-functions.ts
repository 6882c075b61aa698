import { EvaluationFault } from '../expression-error.ts';
import type { Where } from '../values/values.ts';
import type { FastFunction } from './fast-function.ts';
import { numberOrNothing, textOrNothing } from './fast-function.ts';

const iso8601 = /^(\d{4})(?:-([01]\d))?(?:-([0-3]\d))?(T[0-2]\d:[0-5]\d:[0-5]\d)?(\.\d+)?([+-][0-2]\d:?[0-5]\d|Z)?$/;

/** Milliseconds from 1970 to the ends of the years 0 and 9999: what a four-digit ISO 8601 timestamp can say. */
const millisMin = -62_167_219_200_000;
const millisMax = 253_402_300_799_999;

/** Refuses a moment that a timestamp with a year of four digits cannot say. */
export function checkMillis(millis: number, where: Where): number {
  if (!(millis >= millisMin && millis <= millisMax)) throw new EvaluationFault('T0410', { ...where, index: 1 }, millis);
  return millis;
}

/**
 * Milliseconds of an ISO 8601 timestamp. One without a zone is UTC, on every machine. Fails for a date that the calendar does not have.
 */
export function parseTimestamp(text: string, where: Where): number {
  const match = iso8601.exec(text);
  const [, year = '', month = '01', day = '01', time, fraction = '', zone = 'Z'] = match ?? [];
  const isWhole = time !== undefined || (fraction === '' && zone === 'Z');
  const millis = Date.parse(`${year}-${month}-${day}${time ?? 'T00:00:00'}${fraction}${zone}`);
  if (!match || !isWhole || Number.isNaN(millis) || !isInCalendar(Number(year), Number(month), Number(day)))
    throw new EvaluationFault('D3110', { ...where, index: 1 }, text);
  return millis;
}

function isInCalendar(year: number, month: number, day: number): boolean {
  const lastDay = new Date(0);
  lastDay.setUTCFullYear(year, month, 0);
  return month >= 1 && month <= 12 && day >= 1 && day <= lastDay.getUTCDate();
}

/** JSONata's time functions without picture strings, by name without $; with a picture the interpreter does them. */
export const timeFunctions: Readonly<Record<string, FastFunction>> = {
  now: { min: 0, max: 0, call: (_args, _where, host) => new Date(host.clock.now()).toISOString() },
  millis: { min: 0, max: 0, call: (_args, _where, host) => host.clock.now() },
  random: { min: 0, max: 0, call: (_args, _where, host) => host.random.next() },
  fromMillis: {
    min: 1,
    max: 1,
    call: (args, where) => {
      const millis = numberOrNothing(args, 0, where);
      return millis === undefined ? undefined : new Date(checkMillis(millis, where)).toISOString();
    },
  },
  toMillis: {
    min: 1,
    max: 1,
    call: (args, where) => {
      const text = textOrNothing(args, 0, where);
      return text === undefined ? undefined : parseTimestamp(text, where);
    },
  },
};
