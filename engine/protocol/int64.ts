/**
 * An int64 that nobody here counts with: a number where a number holds it exactly, a bigint beyond ±(2^53-1). Either form is the
 * only one of its value, so `===` and `<` work, and arithmetic needs a look first.
 */
export type Int64 = number | bigint;

/** The one form of a value. */
export function int64Of(value: bigint): Int64 {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value;
}
