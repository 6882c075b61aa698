import { EvaluationFault } from '../expression-error.ts';
import type { FastFunction } from './fast-function.ts';
import { numberOrNothing, textOrNothing } from './fast-function.ts';

const iso8601 = /^\d{4}(-[01]\d)*(-[0-3]\d)*(T[0-2]\d:[0-5]\d:[0-5]\d)*(\.\d+)?([+-][0-2]\d:?[0-5]\d|Z)?$/;

/** Milliseconds from 1970 to the ends of the years 0 and 9999: what a four-digit ISO 8601 timestamp can say. */
const millisMin = -62_167_219_200_000;
const millisMax = 253_402_300_799_999;

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
      if (millis === undefined) return undefined;
      if (!(millis >= millisMin && millis <= millisMax))
        throw new EvaluationFault('T0410', { ...where, index: 1 }, millis);
      return new Date(millis).toISOString();
    },
  },
  toMillis: {
    min: 1,
    max: 1,
    call: (args, where) => {
      const text = textOrNothing(args, 0, where);
      if (text === undefined) return undefined;
      if (!iso8601.test(text)) throw new EvaluationFault('D3110', { ...where, index: 1 }, text);
      return Date.parse(text);
    },
  },
};
