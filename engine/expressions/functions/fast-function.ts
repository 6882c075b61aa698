import type { AnyNumber } from '../../formats/exact-number.ts';
import { isExactNumber } from '../../formats/exact-number.ts';
import { EvaluationFault } from '../expression-error.ts';
import type { Where } from '../values/values.ts';

/** What functions may use of the world. */
export interface ExpressionHost {
  /**
   * Milliseconds since 1970, for $now and $millis. With `monotonic` and `soon` (engine/base/clock.ts) long work in the interpreter lets
   * others have their turn.
   */
  readonly clock: { now(): number; monotonic?(): number; soon?(callback: () => void): void };
  /** For $random. */
  readonly random: { next(): number };
}

/** A library function as plain code. It must agree with JSONata's; the property test holds it to that. */
export interface FastFunction {
  /** Arguments at least; with fewer JSONata takes the context in their place, which is left to the interpreter. */
  readonly min: number;
  readonly max: number;
  call(args: readonly unknown[], where: Where, host: ExpressionHost): unknown;
  /** Whether JSONata puts the context in front of these arguments: `names.$substring(0, 3)`. */
  takesContext?(args: readonly unknown[]): boolean;
}

/** Refuses a value that is there but is no text. */
export function textOrNothing(args: readonly unknown[], index: number, where: Where): string | undefined {
  const value = args[index];
  if (value !== undefined && typeof value !== 'string') throw wrongKind(value, index, where);
  return value;
}

/** Refuses a value that is there but is no number that a double holds. */
export function numberOrNothing(args: readonly unknown[], index: number, where: Where): number | undefined {
  const value = args[index];
  if (isExactNumber(value)) throw new EvaluationFault('NUMBER_INEXACT', { ...where, index: index + 1 }, value);
  if (value !== undefined && typeof value !== 'number') throw wrongKind(value, index, where);
  return value;
}

/** The same for functions that also take numbers of any length. */
export function anyNumberOrNothing(args: readonly unknown[], index: number, where: Where): AnyNumber | undefined {
  const value = args[index];
  if (value !== undefined && typeof value !== 'number' && !isExactNumber(value)) throw wrongKind(value, index, where);
  return value;
}

/** The argument as a list: one value is a list of one. Refuses items of another kind. */
export function listOrNothing<T>(
  args: readonly unknown[],
  index: number,
  where: Where,
  kind?: 'number' | 'string',
): readonly T[] | undefined {
  const value = args[index];
  if (value === undefined) return undefined;
  const list = Array.isArray(value) ? value : [value];
  if (kind && !list.every((item) => typeof item === kind || (kind === 'number' && isExactNumber(item))))
    throw new EvaluationFault('T0412', { ...where, index: index + 1 }, value);
  return list as readonly T[];
}

/** The fault of a value of another kind than the function takes. */
export function wrongKind(value: unknown, index: number, where: Where): EvaluationFault {
  return new EvaluationFault('T0410', { ...where, index: index + 1 }, value);
}
