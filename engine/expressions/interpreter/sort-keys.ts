import { addDecimals, formatDecimal } from '../../formats/decimal.ts';
import { decimalOf, isExactNumber } from '../../formats/exact-number.ts';

/**
 * What `^(...)` sorts by: JSONata knows plain numbers and texts only, so a number that a double cannot hold is sorted by the double
 * next to it first, and where these are equal by `tieKey`.
 */
export function sortKey(value: unknown): unknown {
  return isExactNumber(value) ? Number(value.text) : value;
}

/** Stands for the number zero: what is left of a value that is its own sort key. */
const nothingLeft = 'o';
const placesMax = 1_000_000_000_000_000;

/** A text that sorts numbers of one sort key by what this key leaves out of them. */
export function tieKey(value: unknown): string {
  if (!isExactNumber(value)) return nothingLeft;
  const exact = decimalOf(value);
  const near = Number(value.text);
  const nearest = Number.isFinite(near) ? decimalOf(near) : { coefficient: 0n, exponent: 0 };
  const rest = addDecimals(exact, { ...nearest, coefficient: -nearest.coefficient }) ?? exact;
  if (rest.coefficient === 0n) return nothingLeft;
  const isNegative = rest.coefficient < 0n;
  const digits = formatDecimal({ coefficient: isNegative ? -rest.coefficient : rest.coefficient, exponent: 0 })
    .replace(/e\+\d+$/, '')
    .replace('.', '');
  const places = String(rest.coefficient).length - (isNegative ? 1 : 0) + rest.exponent + placesMax;
  // Larger numbers have the larger text; of negative ones the digits are turned round, and fewer of them are more.
  if (!isNegative) return `p${pad(places)}${digits}`;
  return `n${pad(2 * placesMax - places)}${digits.replace(/\d/g, (digit) => String(9 - Number(digit)))}~`;
}

function pad(places: number): string {
  return String(places).padStart(17, '0');
}
