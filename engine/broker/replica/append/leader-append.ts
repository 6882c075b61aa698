import { ok } from '../../../base/result.ts';
import { errorCode } from '../../../protocol/error-codes.ts';
import { prepareBatch } from '../../log/checks/batch-preparation.ts';
import { producedBatch } from '../../log/checks/produced-batch.ts';
import type { AppendInfo } from '../../log/partition-log.ts';
import type { Partition } from '../partition.ts';
import type { ProduceWaitOutcome } from '../waits/produce-waits.ts';
import type { AppendOptions, AppendRefusal, AppendReply } from './append-reply.ts';
import { refusedAppend } from './append-reply.ts';

/** How an append waits. */
export interface WaitingAppend extends AppendOptions {
  readonly timeoutMs: number;
}

/**
 * Appends what a client produced. Batches that have to be inflated or recompressed in the background keep their place: what
 * comes after them to the same partition waits for them.
 */
export function appendProduced(
  partition: Partition,
  records: Buffer,
  { acks, timeoutMs, verification }: Pick<WaitingAppend, 'acks' | 'timeoutMs' | 'verification'>,
): AppendReply | Promise<AppendReply> {
  partition.traffic.produceRequests++;
  const batch = producedBatch(records);
  if (!batch.ok) {
    partition.traffic.failedProduceRequests++;
    return refusedAppend(batch.error.code, batch.error.message);
  }
  const optionsWith = (inflated?: Buffer) => ({ acks, timeoutMs, origin: 'client', inflated, verification }) as const;
  const prepared = prepareBatch(batch.value, partition.log.config, partition.inflations);
  if (!(prepared instanceof Promise) && partition.appendTurns.areFree)
    return appendAsLeader(partition, batch.value, optionsWith(prepared?.inflated));
  return partition.appendTurns.take(prepared, (ready) => {
    if (ready === undefined) return appendAsLeader(partition, batch.value, optionsWith());
    const outcome = 'ok' in ready ? ready : ok(ready);
    if (!outcome.ok) return refusedBy(outcome.error, partition);
    return appendAsLeader(partition, outcome.value.records, optionsWith(outcome.value.inflated));
  });
}

/** Kafka names the log's start with a refusal of the log, unless the batch was not looked into. */
function refusedBy({ code, message, recordErrors }: AppendRefusal, partition: Partition): AppendReply {
  partition.traffic.failedProduceRequests++;
  if (code === errorCode.NOT_LEADER_OR_FOLLOWER) return refusedAppend(code, message, partition.leaderHint);
  const logStartOffset = codesWithoutStart.has(code) ? -1 : partition.log.startOffset;
  return { ...refusedAppend(code, message), logStartOffset, recordErrors };
}

const codesWithoutStart: ReadonlySet<number> = new Set([
  errorCode.CORRUPT_MESSAGE,
  errorCode.MESSAGE_TOO_LARGE,
  errorCode.RECORD_LIST_TOO_LARGE,
  errorCode.KAFKA_STORAGE_ERROR,
  errorCode.NOT_ENOUGH_REPLICAS,
]);

/**
 * Appends record batches as leader. Answers at once, except for acks=all above the high watermark.
 */
export function appendAsLeader(
  partition: Partition,
  records: Buffer,
  options: WaitingAppend,
): AppendReply | Promise<AppendReply> {
  const appended = partition.append(records, options);
  return appended.ok ? acknowledge(partition, appended.value, options) : refusedBy(appended.error, partition);
}

function acknowledge(
  partition: Partition,
  appended: AppendInfo,
  options: WaitingAppend,
): AppendReply | Promise<AppendReply> {
  const reply: AppendReply = {
    errorCode: errorCode.NONE,
    baseOffset: appended.firstOffset,
    logAppendTimeMs: appended.logAppendTimeMs,
    logStartOffset: partition.log.startOffset,
    currentLeader: { leaderId: -1, leaderEpoch: -1 },
  };
  const requiredOffset = appended.lastOffset + 1;
  if (options.acks !== -1) return reply;
  if (partition.highWatermark >= requiredOffset) return replyTo('committed', partition, reply);
  return new Promise((resolve) => {
    partition.whenCommitted(requiredOffset, options.timeoutMs, (outcome) =>
      resolve(replyTo(outcome, partition, reply)),
    );
  });
}

function replyTo(outcome: ProduceWaitOutcome, partition: Partition, reply: AppendReply): AppendReply {
  if (outcome === 'committed') return reply;
  if (outcome === 'resigned')
    return refusedAppend(
      errorCode.NOT_LEADER_OR_FOLLOWER,
      `leadership of ${partition.key} moved before the records were replicated`,
      partition.leaderHint,
    );
  if (!partition.hasEnoughInSync)
    return refusedAppend(
      errorCode.NOT_ENOUGH_REPLICAS_AFTER_APPEND,
      `in-sync replicas of ${partition.key} fell below ${partition.minInsyncReplicas} after the append`,
    );
  return refusedAppend(errorCode.REQUEST_TIMED_OUT, `replicas of ${partition.key} did not answer in time`);
}
