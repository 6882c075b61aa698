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

const retryBackoffMsMax = 60_000;

/** Milliseconds before the next try, after `attempt` (from 0) has failed. @param chance from 0 to 1: jitter, so that records that failed together do not come back together */
export function backoffMs(
  { retryBackoffMs }: { readonly retryBackoffMs: number },
  attempt: number,
  chance: number,
): number {
  const base = retryBackoffMs * 2 ** Math.min(attempt, 16);
  return Math.round(Math.min(base, retryBackoffMsMax) * (0.75 + 0.5 * chance));
}

/** Why a process stops at a record, in words. */
export function stopMessage(
  { onFailure, failuresInRowMax }: FailureSettings,
  { topic, partition, offset }: { readonly topic: string; readonly partition: number; readonly offset: number },
  { attempt, error, inRow, more = '' }: { attempt: number; error: JobError; inRow: number; more?: string },
): string {
  const isRow = onFailure === 'dead-letter' && inRow >= failuresInRowMax;
  const row = isRow ? `, after ${inRow} others in a row` : '';
  const times = attempt ? ` ${attempt + 1} times` : '';
  return `record ${topic}-${partition}@${offset} failed${times}${row}: ${error.message}${more}; its offset is not committed`;
}
