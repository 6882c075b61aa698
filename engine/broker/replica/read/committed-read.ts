import type { Result } from '../../../base/result.ts';
import { ok } from '../../../base/result.ts';
import type { ErrorCode } from '../../../protocol/error-codes.ts';
import type { Partition } from '../partition.ts';

/** A read below the high watermark. */
export interface CommittedRead {
  readonly records: Buffer;
  readonly highWatermark: number;
}

export interface ReadRefusal {
  readonly code: ErrorCode;
  readonly message: string;
}

/** Whole batches below the high watermark from the one that holds `offset` on; the first one even when it is larger than `maxBytes`. */
export function readCommitted(
  partition: Partition,
  offset: number,
  maxBytes: number,
): Result<CommittedRead, ReadRefusal> {
  const { highWatermark, log } = partition;
  if (offset >= highWatermark && offset <= log.endOffset) return ok({ records: Buffer.alloc(0), highWatermark });
  const read = log.read(offset, { maxBytes, before: highWatermark, atLeastOneBatch: true });
  return read.ok ? ok({ records: read.value.records, highWatermark }) : read;
}

/** Resolves with true when everything older than this leadership is committed; with false when it is lost before, or not held. */
export async function whenElectionCommitted(partition: Partition): Promise<boolean> {
  const epochStartOffset = partition.leaderRole?.epochStartOffset;
  if (epochStartOffset === undefined) return false;
  if (partition.highWatermark >= epochStartOffset) return true;
  return new Promise((resolve) => {
    partition.whenCommitted(epochStartOffset, Number.POSITIVE_INFINITY, (outcome) => resolve(outcome === 'committed'));
  });
}
