import { EvaluationFault } from '../expression-error.ts';
import type { Where } from '../values/values.ts';
import { toText } from '../values/values.ts';
import type { FastFunction } from './fast-function.ts';
import { listOrNothing, numberOrNothing, textOrNothing, wrongKind } from './fast-function.ts';

/** A function of one text that gives nothing for nothing. */
function ofText(compute: (text: string) => unknown): FastFunction {
  return {
    min: 1,
    max: 1,
    call: (args, where) => {
      const text = textOrNothing(args, 0, where);
      return text === undefined ? undefined : compute(text);
    },
  };
}

/** A function of a text and a text to look for in it. */
function ofTextAndPart(compute: (text: string, part: string, at: number) => unknown): FastFunction {
  return {
    min: 2,
    max: 2,
    call: (args, where) => {
      const text = textOrNothing(args, 0, where);
      const part = textOrNothing(args, 1, where);
      if (text === undefined) return undefined;
      const wanted = part === undefined ? 'undefined' : part;
      return compute(text, wanted, text.indexOf(wanted));
    },
  };
}

/** JSONata's text functions, by name without $. */
export const textFunctions: Readonly<Record<string, FastFunction>> = {
  string: {
    min: 1,
    max: 2,
    call: (args, where) => {
      if (args[1] !== undefined && typeof args[1] !== 'boolean') throw wrongKind(args[1], 1, where);
      return args[0] === undefined ? undefined : toText(args[0], where, args[1] === true);
    },
  },
  uppercase: ofText((text) => text.toUpperCase()),
  lowercase: ofText((text) => text.toLowerCase()),
  length: ofText((text) => [...text].length),
  trim: ofText((text) => text.replace(/[ \t\n\r]+/g, ' ').replace(/^ | $/g, '')),
  substringBefore: ofTextAndPart((text, _part, at) => (at < 0 ? text : text.slice(0, at))),
  substringAfter: ofTextAndPart((text, part, at) => (at < 0 ? text : text.slice(at + part.length))),
  contains: {
    min: 2,
    max: 2,
    call: (args, where) => {
      const text = textOrNothing(args, 0, where);
      const part = textOrNothing(args, 1, where);
      return text === undefined || part === undefined ? undefined : text.includes(part);
    },
  },
  substring: { min: 2, max: 3, call: substring, takesContext: beginsWithNumber },
  split: { min: 2, max: 3, call: split, takesContext: (args) => args.length === 2 && typeof args[1] === 'number' },
  join: {
    min: 1,
    max: 2,
    call: (args, where) => {
      const texts = listOrNothing<string>(args, 0, where, 'string');
      const separator = textOrNothing(args, 1, where);
      return texts?.join(separator ?? '');
    },
  },
  replace: { min: 3, max: 4, call: replace, takesContext: (args) => args.length === 3 && typeof args[2] === 'number' },
  pad: {
    min: 2,
    max: 3,
    call: pad,
    takesContext: (args) =>
      beginsWithNumber(args) || (args.length === 2 && args[0] === undefined && typeof args[1] === 'string'),
  },
};

function substring(args: readonly unknown[], where: Where): unknown {
  const text = textOrNothing(args, 0, where);
  const from = numberOrNothing(args, 1, where) ?? Number.NaN;
  const length = numberOrNothing(args, 2, where);
  if (text === undefined) return undefined;
  // Characters, not UTF-16 units: an emoji is one.
  const characters = [...text];
  const start = characters.length + from < 0 ? 0 : from;
  if (length === undefined) return characters.slice(start).join('');
  if (length <= 0) return '';
  return characters.slice(start, start >= 0 ? start + length : characters.length + start + length).join('');
}

function split(args: readonly unknown[], where: Where): unknown {
  const text = textOrNothing(args, 0, where);
  const separator = textOrNothing(args, 1, where);
  const limit = numberOrNothing(args, 2, where);
  if (text === undefined) return undefined;
  if (limit !== undefined && limit < 0) throw new EvaluationFault('D3020', { ...where, index: 3 }, limit);
  if (limit !== undefined && !(limit > 0)) return [];
  if (separator === undefined) throw new EvaluationFault('T1010', where);
  return text.split(separator, limit);
}

function replace(args: readonly unknown[], where: Where): unknown {
  const [text, pattern, replacement] = [0, 1, 2].map((index) => textOrNothing(args, index, where));
  const limit = numberOrNothing(args, 3, where);
  if (text === undefined) return undefined;
  if (pattern === '') throw new EvaluationFault('D3010', { ...where, index: 2 }, pattern);
  if (limit !== undefined && limit < 0) throw new EvaluationFault('D3011', { ...where, index: 4 }, limit);
  if (limit !== undefined && !(limit > 0)) return text;
  if (pattern === undefined) throw new EvaluationFault('T0410', { ...where, index: 2 });
  const parts = text.split(pattern);
  if (parts.length === 1) return text;
  if (replacement === undefined) throw new EvaluationFault('T0410', { ...where, index: 3 });
  const replaced = Math.min(parts.length - 1, limit === undefined ? parts.length : Math.ceil(limit));
  const rest = parts.slice(replaced + 1).map((part) => pattern + part);
  return parts.slice(0, replaced + 1).join(replacement) + rest.join('');
}

/** `$substring(0, 3)` and `$pad(5, "-")` leave out the text. */
function beginsWithNumber(args: readonly unknown[]): boolean {
  return args.length === 2 && typeof args[0] === 'number';
}

/** Characters that $pad adds at most. */
const paddingMax = 1_000_000;

function pad(args: readonly unknown[], where: Where): unknown {
  const text = textOrNothing(args, 0, where);
  const width = Math.trunc(numberOrNothing(args, 1, where) ?? Number.NaN);
  const character = textOrNothing(args, 2, where) || ' ';
  if (text === undefined) return undefined;
  const missing = Math.abs(width) - [...text].length;
  if (!(missing > 0)) return text;
  if (missing > paddingMax) throw new EvaluationFault('D2015', { ...where, index: 2 }, paddingMax);
  const padding = [...character.repeat(missing)].slice(0, missing).join('');
  return width > 0 ? text + padding : padding + text;
}
