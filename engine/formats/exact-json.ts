import { ExactNumber, exactField, isExactNumber, isHeld, numberOf } from './exact-number.ts';
import { sourceOf } from './source-text.ts';

/** Digits and points in a row from which on a number may not fit a double: 15 digits always do. */
const longRun = 16;
/** What a number looks like that is too large or too small for a double, though it may be short. */
const powerOfThreeDigits = /\d[eE][-+]?\d{3}/;
const longNumber = /-?\d[\d.]{14,}(?:[eE][-+]?\d+)?|-?\d[\d.]*[eE][-+]?\d{3,}/g;

type SourceReviver = (this: unknown, name: string, value: unknown, context?: { readonly source?: string }) => unknown;

/**
 * Parses JSON; numbers that a double cannot hold become ExactNumbers. A scan looks for them first, so that JSON without them is read
 * by JSON.parse alone; with one of them it takes some six times as long. Throws a SyntaxError.
 */
export function parseJson(text: string): unknown {
  return holdsLong(text) ? parseExactly(text) : JSON.parse(text);
}

/** The same for text whose bytes are at hand: they are quicker to look through. */
export function parseJsonBytes(bytes: Uint8Array, text: string): unknown {
  const isExact = hasLongNumber(bytes) || (powerOfThreeDigits.test(text) && holdsLong(text));
  return isExact ? parseExactly(text) : JSON.parse(text);
}

function parseExactly(text: string): unknown {
  return JSON.parse(text, keepDigits);
}

const keepDigits: SourceReviver = (_name, value, context) => {
  const source = context?.source;
  return typeof value === 'number' && source !== undefined && !isHeld(source, value) ? new ExactNumber(source) : value;
};

/** Whether something that looks like a number would lose digits; it may stand in a text, which costs time and nothing else. */
function holdsLong(text: string): boolean {
  for (const [found] of text.matchAll(longNumber)) if (!isHeld(found, Number(found))) return true;
  return false;
}

/** The same for numbers of many digits. Looks at every sixteenth byte: a run of sixteen has one of them. */
function hasLongNumber(bytes: Uint8Array): boolean {
  const end = bytes.length;
  for (let at = longRun - 1; at < end; at += longRun) {
    if (!isDigitOrPoint(bytes[at]!)) continue;
    let first = at;
    while (first > 0 && isDigitOrPoint(bytes[first - 1]!)) first--;
    let last = at;
    while (last + 1 < end && isDigitOrPoint(bytes[last + 1]!)) last++;
    if (last - first + 1 >= longRun && !isHeldAt(bytes, first, last)) return true;
    // On behind this run: whoever looks at it again at each sixteenth of its digits never comes to an end of a long one.
    at = last + 1;
  }
  return false;
}

function isHeldAt(bytes: Uint8Array, first: number, last: number): boolean {
  let end = last + 1;
  if (bytes[end] === 0x65 || bytes[end] === 0x45) {
    end++;
    while (end < bytes.length && (isDigitOrPoint(bytes[end]!) || bytes[end] === 0x2b || bytes[end] === 0x2d)) end++;
  }
  let text = '';
  for (let at = first; at < end; at++) text += String.fromCharCode(bytes[at]!);
  return isHeld(text, Number(text));
}

function isDigitOrPoint(byte: number): boolean {
  return byte <= 57 && (byte >= 48 || byte === 46);
}

/** How deep and how wide stringifyJson looks for data that nobody touched: what a mapping builds, not what it copies. */
const builtDepthMax = 3;
const builtFieldsMax = 100;

/**
 * Writes JSON. ExactNumbers keep their digits; an object or list that was decoded and not touched, also inside of what a mapping
 * built around it, is written as the text that came. Undefined for what JSON cannot hold. Throws where JSON.stringify does.
 */
export function stringifyJson(data: unknown): string | undefined {
  return write(data, builtDepthMax);
}

function write(data: unknown, depth: number): string | undefined {
  if (typeof data !== 'object' || data === null) return JSON.stringify(data);
  const bytes = sourceOf(data);
  if (bytes) return textOf(bytes);
  if (!holdsSource(data, depth)) return JSON.stringify(data);
  if (Array.isArray(data)) return `[${data.map((item) => write(item, depth - 1) ?? 'null').join(',')}]`;
  const fields = Object.entries(data).flatMap(([name, value]) => {
    const text = write(value, depth - 1);
    return text === undefined ? [] : [`${JSON.stringify(name)}:${text}`];
  });
  return `{${fields.join(',')}}`;
}

function holdsSource(data: object, depth: number): boolean {
  if (depth === 0 || typeof (data as { toJSON?: unknown }).toJSON === 'function') return false;
  let fields = 0;
  for (const name in data) {
    if (++fields > builtFieldsMax) return false;
    const value = (data as Record<string, unknown>)[name];
    if (typeof value !== 'object' || value === null) continue;
    if (sourceOf(value) || holdsSource(value, depth - 1)) return true;
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

/** Undoes packExact. */
export function unpackExact(data: unknown): unknown {
  if (typeof data !== 'object' || data === null) return data;
  if (Array.isArray(data)) return data.map(unpackExact);
  if (Object.hasOwn(data, exactField)) return numberOf(String((data as Record<string, unknown>)[exactField]));
  return Object.fromEntries(Object.entries(data).map(([name, value]) => [name, unpackExact(value)]));
}

/** Undoes packExact in JSON: parses a text in which packed numbers may stand. */
export function parsePacked(text: string): unknown {
  if (!text.includes('\\u0000number')) return JSON.parse(text);
  return unpackExact(JSON.parse(text));
}
