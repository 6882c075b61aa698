import type { PartitionLog } from './partition-log.ts';

/** A log as readers see it: nothing of it changes the log. */
export type ReadableLog = Pick<
  PartitionLog,
  | 'abortedTransactions'
  | 'config'
  | 'endOffset'
  | 'endOffsetForEpoch'
  | 'epochAt'
  | 'latestEpoch'
  | 'offsetForTimestamp'
  | 'offsetOfLargestTimestamp'
  | 'producers'
  | 'read'
  | 'recoveryPoint'
  | 'sizeBytes'
  | 'startOffset'
>;
