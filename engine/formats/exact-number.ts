import type { Decimal } from './decimal.ts';
import { formatDecimal, parseDecimal } from './decimal.ts';

/** The one field of an ExactNumber. No data of a user has a field with this name by chance. */
export const exactField = '\u0000number';

/** TypeScript's library does not know JSON.rawJSON yet; engines that lack it write the number as text. */
const rawJson = (JSON as { rawJSON?: (text: string) => unknown }).rawJSON;

/**
 * A number that a double cannot hold, as the text that came: an integer beyond 2^53, a decimal of too many digits, 1e400.
 * JSON.stringify writes the digits. Every number that a double does hold stays a plain number, so this is rare.
 */
export class ExactNumber {
  readonly [exactField]: string;

  constructor(text: string) {
    this[exactField] = text;
  }

  get text(): string {
    return this[exactField];
  }

  toJSON(): unknown {
    return rawJson ? rawJson(this.text) : this.text;
  }

  toString(): string {
    return this.text;
  }
}

/** A number of the data: plain, or one that a double cannot hold. */
export type AnyNumber = number | ExactNumber;

/** True for a number that needs its text. */
export function isExactNumber(value: unknown): value is ExactNumber {
  return value instanceof ExactNumber;
}

/** A JSON number as data: a plain number where that gives the same digits back, else an ExactNumber. */
export function numberOf(text: string): AnyNumber {
  const value = Number(text);
  return isHeld(text, value) ? value : new ExactNumber(text);
}

/** Whether a double stands for exactly this text. Whole numbers beyond 2^53 never do: the next one is the same double. */
export function isHeld(text: string, value: number): boolean {
  if (Number.isSafeInteger(value)) {
    if (!/[.eE]/.test(text)) return true;
  } else if (!Number.isFinite(value)) return false;
  else if (String(value) === text) return /[.eE]/.test(text);
  else if (!/[.eE]/.test(text)) return false;
  const written = parseDecimal(text);
  const held = parseDecimal(String(value));
  return written?.coefficient === held?.coefficient && written?.exponent === held?.exponent;
}

/** A finite number as a decimal: the digits that it shows, not the binary fraction behind them. */
export function decimalOf(value: AnyNumber): Decimal {
  return parseDecimal(typeof value === 'number' ? String(value) : value.text)!;
}

/** A decimal as data: a plain number where a double holds it, else an ExactNumber. */
export function numberOfDecimal(decimal: Decimal): AnyNumber {
  return numberOf(formatDecimal(decimal));
}
