import { BytesValue } from './bytes-value.ts';
import { ExactNumber, exactField, isExactNumber, isHeld, numberOf } from './exact-number.ts';
import { holdsLongNumber, rangeEnd, rangeEndOf, rangeEndsIn } from './number-scan.ts';
import { parseText } from './parse-text.ts';
import { partText } from './part-spans.ts';
import { originsOf, sourceOf } from './source-text.ts';

/** A number too small for a double, though it may be short. One that is too large is Infinity. */
const tinyNumber = /\d[eE]-\d{3}/;

const utf8Encoder = new TextEncoder();

type SourceReviver = (this: unknown, name: string, value: unknown, context?: { readonly source?: string }) => unknown;

/**
 * Parses JSON of at most `jsonLevelsMax` levels; numbers that a double cannot hold become ExactNumbers. Scans look for them first, so that
 * JSON without them is read by JSON.parse alone; with one of them it takes some six times as long. Throws a SyntaxError, or a RangeError
 * for too many levels.
 */
export function parseJson(text: string): unknown {
  return parseJsonBytes(utf8Encoder.encode(text), text);
}

/** The same for text whose bytes are at hand: they are quicker to look through. */
export function parseJsonBytes(bytes: Uint8Array, text: string): unknown {
  const data = parseText(text);
  const ends = endsOf(data);
  const isExact = holdsLongNumber(bytes) || (ends !== rangeEnd.none && holdsBeyond(ends, text));
  return isExact ? parseExact(text) : data;
}

function parseExact(text: string): unknown {
  try {
    return parseText(text, keepDigits);
  } catch (cause) {
    if (!(cause instanceof RangeError)) throw cause;
    const expected = 'expected fewer levels inside each other around numbers that a double cannot hold';
    throw new RangeError(`${expected}, found more than the stack has room for`, { cause });
  }
}

function endsOf(data: unknown): number {
  if (typeof data === 'object' && data !== null) return rangeEndsIn(data);
  return typeof data === 'number' ? rangeEndOf(data) : rangeEnd.none;
}

/** Plain zeros are many, zeros that were something smaller are few. */
function holdsBeyond(ends: number, text: string): boolean {
  return ends >= rangeEnd.infinite || (text.includes('-') && tinyNumber.test(text));
}

const keepDigits: SourceReviver = (_name, value, context) => {
  const source = context?.source;
  return typeof value === 'number' && source !== undefined && !isHeld(source, value) ? new ExactNumber(source) : value;
};

/** Values that stringifyJson looks at for data that nobody touched, in what was not built by a mapping. */
const lookedAtMax = 1_000;

/**
 * Writes JSON. ExactNumbers keep their digits; an object or list that was decoded and not touched, also a part of one, and also inside of
 * what a mapping built, is written as the text that came. Undefined for what JSON cannot hold. Throws where JSON.stringify does.
 */
export function stringifyJson(data: unknown): string | undefined {
  if (typeof data !== 'object' || data === null) return JSON.stringify(data);
  if (!originsOf(data) && !holdsOrigins(data, { left: lookedAtMax })) return JSON.stringify(data);
  return write(data, []);
}

/** With the decoded data that parts of `data` may come from. */
function write(data: unknown, outer: readonly object[]): string | undefined {
  if (typeof data !== 'object' || data === null) return JSON.stringify(data);
  const bytes = sourceOf(data);
  if (bytes) return textOf(bytes);
  const roots = originsOf(data) ?? outer;
  for (const root of roots) {
    const text = partText(root, data);
    if (text !== undefined) return text;
  }
  if (Array.isArray(data)) return `[${data.map((item) => write(item, roots) ?? 'null').join(',')}]`;
  if (isExactNumber(data)) return data.text;
  const made = toJsonOf(data);
  if (made !== undefined) return typeof made === 'object' && made !== data ? write(made, roots) : JSON.stringify(data);
  const fields = Object.entries(data).flatMap(([name, value]) => {
    const text = write(value, roots);
    return text === undefined ? [] : [`${JSON.stringify(name)}:${text}`];
  });
  return `{${fields.join(',')}}`;
}

function toJsonOf(data: object): unknown {
  const { toJSON } = data as { toJSON?: unknown };
  return typeof toJSON === 'function' ? (toJSON.call(data) as unknown) : undefined;
}

function holdsOrigins(data: object, looked: { left: number }): boolean {
  if (isExactNumber(data) || data instanceof BytesValue || ArrayBuffer.isView(data)) return false;
  const made = toJsonOf(data) ?? data;
  if (typeof made !== 'object') return false;
  for (const name in made) {
    if (--looked.left < 0) return false;
    const value = (made as Record<string, unknown>)[name];
    if (typeof value !== 'object' || value === null) continue;
    if (originsOf(value) || holdsOrigins(value, looked)) return true;
  }
  return false;
}

const utf8 = new TextDecoder();

/** Without a byte order mark, which may stand only in front of a whole text. */
function textOf(bytes: Uint8Array): string {
  return utf8.decode(bytes);
}

/** Data with its ExactNumbers as plain objects, for ways that keep plain data only (structured clone, JSON that others parse). */
export function packExact(data: unknown): unknown {
  if (isExactNumber(data)) return { [exactField]: data.text };
  if (Array.isArray(data)) return data.map(packExact);
  if (typeof data !== 'object' || data === null) return data;
  const { toJSON } = data as { toJSON?: () => unknown };
  if (typeof toJSON === 'function') return packExact(toJSON.call(data));
  return Object.fromEntries(Object.entries(data).map(([name, value]) => [name, packExact(value)]));
}

const jsonNumber = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][-+]?\d+)?$/;

/** Undoes packExact. */
export function unpackExact(data: unknown): unknown {
  if (typeof data !== 'object' || data === null) return data;
  if (Array.isArray(data)) return data.map(unpackExact);
  const text = (data as Record<string, unknown>)[exactField];
  if (typeof text === 'string' && jsonNumber.test(text) && Object.keys(data).length === 1) return numberOf(text);
  return Object.fromEntries(Object.entries(data).map(([name, value]) => [name, unpackExact(value)]));
}

/** Undoes packExact in JSON: parses a text in which packed numbers may stand. */
export function parsePacked(text: string): unknown {
  if (!text.includes('\\u0000number')) return parseText(text);
  return unpackExact(parseText(text));
}
