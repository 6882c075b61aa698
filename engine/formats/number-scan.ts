import { isHeld } from './exact-number.ts';

/** Digits and points in a row from which on a number may not fit a double: 15 digits always do. */
const longRun = 16;
const digitsAndPoint = new Uint8Array(256);
for (const character of '.0123456789') digitsAndPoint[character.charCodeAt(0)] = 1;

/**
 * Whether the bytes of a JSON text hold a number of more digits than its double keeps. It may stand in a quoted text, which costs whoever
 * asked some time and nothing else. Looks at every fourth byte: a long run has two that are eight apart at a multiple of eight, and the
 * one between them.
 */
export function holdsLongNumber(bytes: Uint8Array): boolean {
  if (bytes.length < longRun) return false;
  const end = bytes.length - longRun;
  let at = 0;
  let first = digitsAndPoint[bytes[0]!]!;
  for (; at < end; at += longRun) {
    // One branch for sixteen bytes: which of them are digits no processor foresees, and a wrong guess costs more than all the reading.
    const middle = digitsAndPoint[bytes[at + 8]!]!;
    const last = digitsAndPoint[bytes[at + longRun]!]!;
    const isMaybe = middle & ((first & digitsAndPoint[bytes[at + 4]!]!) | (last & digitsAndPoint[bytes[at + 12]!]!));
    first = last;
    if (isMaybe === 0) continue;
    const behind = endOfRun(bytes, at + 8);
    if (isLong(bytes, at + 8, behind)) return true;
    // On at the end of this run: whoever looks at it again at each sixteenth of its digits never comes to an end of a long one.
    if (behind > at + 2 * longRun) {
      at += behind - at - longRun - ((behind - at) % longRun);
      first = 1;
    }
  }
  return isDigitOrPoint(bytes, at) && isLong(bytes, at, endOfRun(bytes, at));
}

function isDigitOrPoint(bytes: Uint8Array, at: number): boolean {
  return digitsAndPoint[bytes[at]!] === 1;
}

function endOfRun(bytes: Uint8Array, at: number): number {
  let end = at;
  while (end < bytes.length && isDigitOrPoint(bytes, end)) end++;
  return end;
}

function isLong(bytes: Uint8Array, at: number, end: number): boolean {
  let first = at;
  while (first > 0 && isDigitOrPoint(bytes, first - 1)) first--;
  return end - first >= longRun && !isHeldAt(bytes, first, end);
}

function isHeldAt(bytes: Uint8Array, first: number, endOfDigits: number): boolean {
  let end = endOfDigits;
  if (bytes[end] === 0x65 || bytes[end] === 0x45) {
    end++;
    while (end < bytes.length && (isDigitOrPoint(bytes, end) || bytes[end] === 0x2b || bytes[end] === 0x2d)) end++;
  }
  let text = '';
  for (let at = first; at < end; at++) text += String.fromCharCode(bytes[at]!);
  return isHeld(text, Number(text));
}

/**
 * Levels of lists and objects inside each other at most, in JSON that is read. What is passed on untouched may have all of them; where
 * numbers need more digits than a double has, or data are built anew, the stack ends at some thousands.
 */
export const jsonLevelsMax = 20_000;
/** Levels that are gone through by calls inside each other; the stack has room for many more of them. */
const levelsAtOnce = 400;

/** The smallest double that keeps 15 digits. */
const smallestNormal = 2.2250738585072014e-308;

/** What numbers of a text may have become that were beside the range of doubles: zero (1e-400) or Infinity (1e400). */
export const rangeEnd = { none: 0, tiny: 1, infinite: 2 } as const;

/**
 * Which ends of the range of doubles the numbers inside of parsed JSON stand at, added up. Throws a RangeError where it has more than
 * `jsonLevelsMax` levels.
 */
export function rangeEndsIn(data: object): number {
  const deeper: object[] = [];
  let ends = endsWithin(data, levelsAtOnce, deeper);
  for (let levels = levelsAtOnce; deeper.length > 0; levels += levelsAtOnce) {
    if (levels >= jsonLevelsMax)
      throw new RangeError(`expected JSON of at most ${jsonLevelsMax} levels inside each other, found more`);
    for (const part of deeper.splice(0)) ends |= endsWithin(part, levelsAtOnce, deeper);
  }
  return ends;
}

/** Leaves what lies under `levels` in `deeper`. A call for each list and object, none for each value: it goes through all of every record. */
function endsWithin(data: object, levels: number, deeper: object[]): number {
  if (levels === 0) {
    deeper.push(data);
    return rangeEnd.none;
  }
  let ends: number = rangeEnd.none;
  if (Array.isArray(data)) {
    // Not `in`: it would make a text of each position.
    for (const value of data as readonly unknown[]) {
      if (typeof value === 'number') ends |= rangeEndOf(value);
      else if (typeof value === 'object' && value !== null) ends |= endsWithin(value, levels - 1, deeper);
    }
    return ends;
  }
  for (const name in data) {
    const value = (data as Record<string, unknown>)[name];
    if (typeof value === 'number') ends |= rangeEndOf(value);
    else if (typeof value === 'object' && value !== null) ends |= endsWithin(value, levels - 1, deeper);
  }
  return ends;
}

/** The same for a number. */
export function rangeEndOf(value: number): number {
  const size = Math.abs(value);
  if (size >= smallestNormal && size <= Number.MAX_VALUE) return rangeEnd.none;
  return size < smallestNormal ? rangeEnd.tiny : rangeEnd.infinite;
}
