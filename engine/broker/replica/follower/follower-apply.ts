import { MillraceError } from '../../../base/errors.ts';
import type { Log } from '../../../base/log.ts';
import { errorCode } from '../../../protocol/error-codes.ts';
import type { FetchResponse } from '../../../protocol/schemas/01-fetch.ts';
import type { Partition } from '../partition.ts';
import { truncationOffset } from '../truncation.ts';

export type FetchResponseRow = FetchResponse['responses'][number]['partitions'][number];

/**
 * `fetched`: the next fetch follows at once. `refused`: wait before trying again. `unwritable`: the same, and the disk has
 * been told of already. `outdated`: the answer is not for the present state.
 */
export type AppliedFetch = 'fetched' | 'refused' | 'unwritable' | 'outdated';

/** What the partition asked for; an answer to anything else is dropped. */
export interface SentFetch {
  readonly fetchOffset: number;
  readonly leaderEpoch: number;
}

/**
 * Applies the leader's answer to a follower. Histories first: with a diverging epoch the log is cut and nothing else of
 * the answer is used, else uncommitted bytes would be exposed under the leader's high watermark (KAFKA-14704).
 */
export function applyFetched(partition: Partition, row: FetchResponseRow, sent: SentFetch, log: Log): AppliedFetch {
  const role = partition.role;
  if (role?.kind !== 'follower' || role.leaderEpoch !== sent.leaderEpoch) return 'outdated';
  if (partition.log.endOffset !== sent.fetchOffset) return 'outdated';
  if (!partition.diskState.isWritable) return 'unwritable';
  try {
    if (row.errorCode === errorCode.NONE) return applyRecords(partition, row, log);
    if (row.errorCode === errorCode.OFFSET_OUT_OF_RANGE) return applyOutOfRange(partition, row);
  } catch (error) {
    if (!(error instanceof MillraceError)) throw error;
    if (partition.diskState.failed(error)) return 'unwritable';
    log.error('a follower cannot write', { partition: partition.key, code: error.code, reason: error.message });
  }
  return 'refused';
}

function applyRecords(partition: Partition, row: FetchResponseRow, log: Log): AppliedFetch {
  const { log: own } = partition;
  if (row.divergingEpoch.epoch >= 0) {
    const local = own.endOffsetForEpoch(row.divergingEpoch.epoch);
    partition.truncateTo(truncationOffset(row.divergingEpoch, local, own.endOffset));
    return 'fetched';
  }
  if (row.records && row.records.length > 0) {
    partition.traffic.replicationBytesIn += row.records.length;
    const appended = partition.appendAsFollower(row.records);
    if (!appended.ok) {
      log.error('a follower refuses its leader’s records', {
        partition: partition.key,
        reason: appended.error.message,
      });
      return 'refused';
    }
  }
  partition.followHighWatermark(row.highWatermark);
  if (row.logStartOffset > own.startOffset) partition.deleteRecordsBefore(row.logStartOffset);
  return 'fetched';
}

/** The leader deleted what this replica would need next; anything else out of range is the leader's metadata catching up. */
function applyOutOfRange(partition: Partition, row: FetchResponseRow): AppliedFetch {
  if (row.logStartOffset <= partition.log.endOffset) return 'refused';
  partition.restartAt(row.logStartOffset);
  return 'fetched';
}
