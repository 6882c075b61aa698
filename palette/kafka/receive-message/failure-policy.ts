import type { JobError } from '../../../engine/spi/runtime.ts';

/** The fields of the form that say what becomes of the record of a failed job. */
export interface FailureSettings {
  readonly onFailure: 'dead-letter' | 'retry' | 'skip';
  readonly retries: number;
  readonly failuresInRowMax: number;
}

/** What becomes of a record whose job failed. */
export type FailureVerdict = 'retry' | 'skip' | 'dead-letter' | 'stop';

/**
 * Decides what becomes of a record whose job failed for the `attempt`-th time (from 0). Only what says that it may go well
 * another time is tried again: a mapping that does not fit a record never will. `inRow` records before it have failed for good
 * one after the other; where that many do, it is not the records that are wrong, and putting all of them aside would hide it.
 */
export function afterFailure(
  { onFailure, retries, failuresInRowMax }: FailureSettings,
  { attempt, error, inRow }: { readonly attempt: number; readonly error: JobError; readonly inRow: number },
): FailureVerdict {
  if (onFailure === 'skip') return 'skip';
  if (error.retriable && attempt < retries) return 'retry';
  return onFailure === 'dead-letter' && inRow < failuresInRowMax ? 'dead-letter' : 'stop';
}
