import type { Result } from '../../base/result.ts';
import { ok, refused } from '../../base/result.ts';
import * as layout from '../../records/batch-layout.ts';
import { stampChunk } from './checks/stamp-chunk.ts';
import type { AppendOrigin } from './checks/validator.ts';
import { checkChunk } from './checks/validator.ts';
import { startAnew } from './cutting.ts';
import type { AppendInfo } from './log-operations.ts';
import type { LogRefusal } from './log-refusal.ts';
import { logError, refuse } from './log-refusal.ts';
import type { LogState } from './log-state.ts';
import { applyBatch } from './producers/apply-batch.ts';
import type { ProducerBatch } from './producers/producer-entry.ts';
import type { VerificationGuard } from './producers/verifications.ts';
import { deleteRecordsBefore } from './retention-run.ts';
import { roll } from './rolling.ts';
import { mustRoll } from './segment-chain.ts';

/** How a leader appends. */
export interface LeaderAppend {
  readonly leaderEpoch: number;
  readonly origin: Exclude<AppendOrigin, 'replica'>;
  /** The records of a client's compressed batch, where they have been inflated already (`prepareBatch`). */
  readonly inflated?: Buffer | undefined;
  /** For a batch that begins a transaction here: see `PartitionLog.startVerification`. */
  readonly verification?: VerificationGuard | undefined;
  /** Of the transaction that a marker ends; 0 when absent. */
  readonly transactionVersion?: number | undefined;
}

/** See `PartitionLog.appendAsLeader`. */
export function appendAsLeader(
  state: LogState,
  records: Buffer,
  { leaderEpoch, origin, inflated, verification, transactionVersion }: LeaderAppend,
): Result<AppendInfo, LogRefusal> {
  const { config, facts } = state;
  const nowMs = state.options.clock.now();
  const refusal = checkChunk(records, origin, config, nowMs, facts, inflated) ?? checkSize(state, records);
  if (refusal) return refused(refusal);
  if (origin === 'client') {
    const verdict = state.producers.check(records, 0, verification);
    if (verdict.kind === 'refuse') return refused(verdict.refusal);
    if (verdict.kind === 'duplicate') return ok(repeated(state, verdict.batch));
  } else if (origin === 'internal') {
    const fenced = state.producers.checkInternal(records, 0, transactionVersion ?? 0, verification);
    if (fenced) return refused(fenced);
  }
  const appendTimeMs = config.isLogAppendTime && origin === 'client' ? nowMs : -1;
  stampChunk(records, facts, state.endOffset, leaderEpoch, appendTimeMs);
  return ok(write(state, records, nowMs, appendTimeMs));
}

function checkSize({ config }: LogState, records: Buffer): LogRefusal | undefined {
  if (records.length <= config.segmentBytes) return undefined;
  const message = `${records.length} bytes do not fit a segment of ${config.segmentBytes}`;
  return { code: logError.RECORD_LIST_TOO_LARGE, message };
}

function repeated({ config }: LogState, { baseOffset, lastOffset, timestampMs }: ProducerBatch): AppendInfo {
  const logAppendTimeMs = config.isLogAppendTime ? timestampMs : -1;
  return { firstOffset: baseOffset, lastOffset, logAppendTimeMs, duplicate: true, sizeBytes: 0 };
}

/** See `PartitionLog.appendAsFollower`. */
export function appendAsFollower(state: LogState, records: Buffer): Result<AppendInfo, LogRefusal> {
  const { facts, startOffset } = state;
  const nowMs = state.options.clock.now();
  const refusal = checkChunk(records, 'replica', state.config, nowMs, facts);
  if (refusal) return refused(refusal);
  const { firstOffset } = facts;
  const isEmpty = state.segments.sizeBytes === 0;
  if (isEmpty && firstOffset < state.endOffset && layout.lastOffsetOf(records, 0) >= state.endOffset)
    startAnew(state, firstOffset);
  if (firstOffset !== state.endOffset && !(state.config.isCompacted && firstOffset > state.endOffset))
    return refuse(
      logError.OFFSET_OUT_OF_RANGE,
      `expected batches from offset ${state.endOffset} on, found ${firstOffset}`,
    );
  const info = write(state, records, nowMs, -1);
  deleteRecordsBefore(state, startOffset);
  return ok(info);
}

/** Writes checked and stamped batches, in one go, and takes note of their epochs and producers. */
function write(state: LogState, records: Buffer, nowMs: number, logAppendTimeMs: number): AppendInfo {
  const { segments, epochs, producers } = state;
  const { firstOffset, lastOffset, maxTimestampMs } = state.facts;
  const sizeBytes = records.length;
  if (mustRoll(segments.active, state.config, { sizeBytes, lastOffset, maxTimestampMs, nowMs })) roll(state);
  segments.active.append(records);
  for (let at = 0; at < sizeBytes; at += layout.sizeOf(records, at)) {
    epochs.assign(layout.leaderEpochOf(records, at), layout.baseOffsetOf(records, at));
    applyBatch(producers, segments.active, records, at);
  }
  state.endOffset = lastOffset + 1;
  return { firstOffset, lastOffset, logAppendTimeMs, duplicate: false, sizeBytes };
}
