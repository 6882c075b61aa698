import { MillraceError } from '../../../base/errors.ts';
import type { ErrorCode } from '../../../protocol/error-codes.ts';
import { errorCode } from '../../../protocol/error-codes.ts';
import type { FetchedRow, FetchOptions, FetchTarget } from '../fetch-target.ts';
import type { Isolation } from '../isolation.ts';
import { checkLeaderEpoch } from '../leader-epoch-check.ts';
import type { Partition } from '../partition.ts';
import type { ReplicationThrottle } from '../replication-throttle.ts';
import type { EpochEnd } from '../truncation.ts';
import { divergenceOf } from '../truncation.ts';
import type { FetchBudget } from './fetch-budget.ts';
import { nearestReplica } from './nearest-replica.ts';

const noRecords = Buffer.alloc(0);

/** A row without records: an error, or a partition for which the response has no room left. */
export function emptyRow(target: FetchTarget, code: ErrorCode, partition?: Partition): FetchedRow {
  return {
    target,
    errorCode: code,
    highWatermark: partition ? partition.highWatermark : -1,
    lastStableOffset: partition ? partition.lastStableOffset : -1,
    logStartOffset: partition ? partition.log.startOffset : -1,
    diverging: undefined,
    records: noRecords,
    abortedTransactions: null,
  };
}

/** Where the reader's history leaves this log's; an error code when the log cannot tell (KIP-320, KIP-595). */
function compareHistories(partition: Partition, target: FetchTarget): EpochEnd | ErrorCode | undefined {
  if (target.lastFetchedEpoch === -1) return undefined;
  const known = partition.log.endOffsetForEpoch(target.lastFetchedEpoch);
  if (known.epoch === -1 || known.endOffset === -1) return errorCode.OFFSET_OUT_OF_RANGE;
  return divergenceOf(target, known);
}

/**
 * Whether the fetch comes from a replica of the partition, in its latest incarnation: a late fetch of the broker before it
 * rebooted would acknowledge records that it may have lost (KIP-903).
 */
function isKnownReplica(partition: Partition, { replicaId, replicaEpoch }: FetchOptions): boolean {
  const progress = partition.leaderRole?.followers.get(replicaId);
  return progress !== undefined && (replicaEpoch === -1 || replicaEpoch >= progress.brokerEpoch);
}

/**
 * Serves one partition of a fetch as its leader, or as a follower to a consumer that was sent here (KIP-392), in this order: fence the epoch, compare histories, note the follower's
 * progress (only `isArrival`, not when a parked fetch is tried again), read. Consumers read below the high watermark,
 * and with
 * read_committed below the last stable offset, followers to the end of the log.
 */
export function readPartition(
  partition: Partition,
  target: FetchTarget,
  request: {
    readonly options: FetchOptions;
    readonly budget: FetchBudget;
    readonly isArrival: boolean;
    readonly throttle: ReplicationThrottle;
  },
): FetchedRow {
  const { options } = request;
  const code = checkLeaderEpoch(partition.role, target.currentLeaderEpoch);
  const isFollowing = code === errorCode.NOT_LEADER_OR_FOLLOWER && partition.role?.kind === 'follower';
  if (code !== errorCode.NONE && !(isFollowing && options.mayReadFollowers)) return emptyRow(target, code);
  const isReplica = request.options.replicaId >= 0;
  if (isReplica && !isKnownReplica(partition, request.options))
    return emptyRow(target, errorCode.NOT_LEADER_OR_FOLLOWER);
  const diverging = compareHistories(partition, target);
  if (typeof diverging === 'number') return emptyRow(target, diverging, partition);
  if (diverging) return { ...emptyRow(target, errorCode.NONE, partition), diverging };
  const { startOffset, endOffset } = partition.log;
  if (target.fetchOffset < startOffset || target.fetchOffset > endOffset)
    // A follower goes on from the leader's start; consumers ask for it, as Kafka tells them nothing here.
    return emptyRow(target, errorCode.OFFSET_OUT_OF_RANGE, isReplica ? partition : undefined);
  const preferred = options.nearest && nearestReplica(partition, target.fetchOffset, options.nearest);
  if (preferred !== undefined)
    return { ...emptyRow(target, errorCode.NONE, partition), preferredReadReplica: preferred };
  if (isReplica && request.isArrival)
    partition.recordFollowerFetch(request.options.replicaId, {
      fetchOffset: target.fetchOffset,
      startOffset: target.logStartOffset,
      brokerEpoch: request.options.replicaEpoch,
    });
  if (isReplica && request.throttle.isActive && isHeldBack(partition, request.options.replicaId, request.throttle))
    return emptyRow(target, errorCode.NONE, partition);
  return readRecords(partition, target, request.options.isolation, request.budget);
}

/** Whether a follower gets nothing now: it is behind, listed, and enough has gone to such replicas. */
function isHeldBack(
  { topic, partition, leaderRole }: Partition,
  replicaId: number,
  throttle: ReplicationThrottle,
): boolean {
  if (leaderRole?.isr.includes(replicaId)) return false;
  return throttle.isListed(topic, partition) && throttle.waitMs() > 0;
}

/**
 * Whether the reader knows all there is to say: nothing to read, no offset moved, epoch as before, and a follower is in
 * the in-sync set (one that is not may have to be added). A session of many partitions is mostly quiet ones.
 */
export function isQuiet(partition: Partition, target: FetchTarget, { replicaId, isolation }: FetchOptions): boolean {
  const { told } = target;
  const role = partition.leaderRole;
  if (!told || !role) return false;
  if (target.currentLeaderEpoch !== -1 && target.currentLeaderEpoch !== role.leaderEpoch) return false;
  if (told.highWatermark !== partition.highWatermark) return false;
  if (told.lastStableOffset !== partition.lastStableOffset) return false;
  if (told.logStartOffset !== partition.log.startOffset) return false;
  if (replicaId < 0) return target.fetchOffset >= partition.readBounds(isolation);
  return target.fetchOffset >= partition.log.endOffset && role.isr.includes(replicaId);
}

function readRecords(partition: Partition, target: FetchTarget, isolation: Isolation, budget: FetchBudget): FetchedRow {
  const row = emptyRow(target, errorCode.NONE, partition);
  const isCommitted = isolation === 'read-committed';
  const nothing = isCommitted ? { ...row, abortedTransactions: [] } : row;
  const before = partition.readBounds(isolation);
  if (target.fetchOffset >= before) return nothing;
  const share = budget.share(target.maxBytes);
  if (!share) return nothing;
  try {
    const read = partition.log.read(target.fetchOffset, { ...share, before });
    if (!read.ok) return emptyRow(target, read.error.code, partition);
    const { records, nextOffset } = read.value;
    budget.spend(records.length);
    if (!isCommitted) return { ...row, records };
    return { ...row, records, abortedTransactions: partition.log.abortedTransactions(target.fetchOffset, nextOffset) };
  } catch (error) {
    if (!(error instanceof MillraceError)) throw error;
    return emptyRow(target, errorCode.KAFKA_STORAGE_ERROR);
  }
}
