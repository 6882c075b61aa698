import { MillraceError } from '../../base/errors.ts';
import { ok } from '../../base/result.ts';
import { errorCode } from '../../protocol/error-codes.ts';
import { prepareBatch } from '../log/checks/batch-preparation.ts';
import { producedBatch } from '../log/checks/produced-batch.ts';
import type { LogRefusal } from '../log/log-refusal.ts';
import type { AppendInfo } from '../log/partition-log.ts';
import type { AppendReply } from './append-reply.ts';
import { refusedAppend } from './append-reply.ts';
import type { Partition } from './partition.ts';
import type { ProduceWaitOutcome } from './waits/produce-waits.ts';

/** How an append is to be acknowledged. */
export interface AppendOptions {
  /** 0 and 1: when the leader's log has it. -1: when the in-sync set has it. */
  readonly acks: 0 | 1 | -1;
  readonly timeoutMs: number;
  /** `internal`: a coordinator of this broker, which may write control batches. */
  readonly origin: 'client' | 'internal';
}

/**
 * Appends what a client produced. Batches that have to be inflated or recompressed in the background keep their place: what
 * comes after them to the same partition waits for them.
 */
export function appendProduced(
  partition: Partition,
  records: Buffer,
  { acks, timeoutMs }: Pick<AppendOptions, 'acks' | 'timeoutMs'>,
): AppendReply | Promise<AppendReply> {
  const batch = producedBatch(records);
  if (!batch.ok) return refusedAppend(batch.error.code, batch.error.message);
  const options: AppendOptions = { acks, timeoutMs, origin: 'client' };
  const prepared = prepareBatch(batch.value, partition.storage.config, partition.inflations);
  if (!(prepared instanceof Promise) && !partition.appendsUnderWay)
    return appendAsLeader(partition, batch.value, options, prepared?.inflated);
  const before = partition.appendsUnderWay;
  const appended = Promise.resolve(prepared).then(async (ready) => {
    await before;
    if (ready === undefined) return { reply: appendAsLeader(partition, batch.value, options) };
    const outcome = 'ok' in ready ? ready : ok(ready);
    if (!outcome.ok) return { reply: refusedBy(outcome.error, partition) };
    const { records: stored, inflated } = outcome.value;
    return { reply: appendAsLeader(partition, stored, options, inflated) };
  });
  const done = appended
    .then(
      () => {},
      () => {},
    )
    .then(() => {
      if (partition.appendsUnderWay === done) partition.appendsUnderWay = undefined;
    });
  partition.appendsUnderWay = done;
  return appended.then(({ reply }) => reply);
}

/** Kafka names the log's start with a refusal, unless the batch was not looked into. */
function refusedBy({ code, message, recordErrors }: LogRefusal, partition: Partition): AppendReply {
  const logStartOffset = codesWithoutStart.has(code) ? -1 : partition.storage.startOffset;
  return { ...refusedAppend(code, message), logStartOffset, recordErrors };
}

const codesWithoutStart: ReadonlySet<number> = new Set([
  errorCode.CORRUPT_MESSAGE,
  errorCode.MESSAGE_TOO_LARGE,
  errorCode.RECORD_LIST_TOO_LARGE,
]);

/**
 * Appends record batches as leader. The bytes are not copied: offsets and leader epoch are patched in place and the same
 * buffer goes to the log. Answers at once, except for acks=all above the high watermark.
 * @param inflated a client's records without compression, where they have been inflated already
 */
export function appendAsLeader(
  partition: Partition,
  records: Buffer,
  options: AppendOptions,
  inflated?: Buffer,
): AppendReply | Promise<AppendReply> {
  const role = partition.leaderRole;
  if (!role)
    return refusedAppend(
      errorCode.NOT_LEADER_OR_FOLLOWER,
      `${partition.key} is not led by this broker`,
      partition.leaderHint,
    );
  const { diskState } = partition;
  if (!diskState.isWritable)
    return refusedAppend(errorCode.KAFKA_STORAGE_ERROR, `${partition.key} cannot be written: ${diskState.reason}`);
  if (options.acks === -1) {
    const refusal = refuseBeforeAppend(partition);
    if (refusal) return refusal;
  }
  let appended: ReturnType<typeof partition.storage.appendAsLeader>;
  try {
    const { origin } = options;
    appended = partition.storage.appendAsLeader(records, { leaderEpoch: role.leaderEpoch, origin, inflated });
  } catch (error) {
    if (!(error instanceof MillraceError)) throw error;
    diskState.failed(error);
    return refusedAppend(errorCode.KAFKA_STORAGE_ERROR, `${partition.key} cannot be written: ${error.code}`);
  }
  if (!appended.ok) return refusedBy(appended.error, partition);
  if (!appended.value.duplicate) partition.grew(appended.value.sizeBytes, appended.value.firstOffset);
  return acknowledge(partition, appended.value, options);
}

function refuseBeforeAppend(partition: Partition): AppendReply | undefined {
  if (!partition.hasEnoughInSync) {
    const found = partition.leaderRole?.isr.length ?? 0;
    return refusedAppend(
      errorCode.NOT_ENOUGH_REPLICAS,
      `expected ${partition.minInsyncReplicas} in-sync replicas of ${partition.key}, found ${found}`,
    );
  }
  if (partition.waits.isFull)
    return refusedAppend(errorCode.NOT_ENOUGH_REPLICAS, `too many appends to ${partition.key} wait for their replicas`);
  return undefined;
}

function acknowledge(
  partition: Partition,
  appended: AppendInfo,
  options: AppendOptions,
): AppendReply | Promise<AppendReply> {
  const reply: AppendReply = {
    errorCode: errorCode.NONE,
    baseOffset: appended.firstOffset,
    logAppendTimeMs: appended.logAppendTimeMs,
    logStartOffset: partition.storage.startOffset,
    currentLeader: { leaderId: -1, leaderEpoch: -1 },
  };
  const requiredOffset = appended.lastOffset + 1;
  if (options.acks !== -1) return reply;
  if (partition.highWatermark >= requiredOffset) return replyTo('committed', partition, reply);
  return new Promise((resolve) => {
    partition.waits.add(requiredOffset, options.timeoutMs, (outcome) => resolve(replyTo(outcome, partition, reply)));
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
