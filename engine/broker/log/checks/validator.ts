import * as layout from '../../../records/batch-layout.ts';
import type { LogConfig } from '../log-config.ts';
import type { LogRefusal } from '../log-refusal.ts';
import { logError } from '../log-refusal.ts';
import { checkClientBatch } from './client-batch-check.ts';

/** Who wrote the batches: a client over the wire, a coordinator of this broker, the metadata log's leader, or a leader we copy. */
export type AppendOrigin = 'client' | 'internal' | 'raft' | 'replica';

/** What a chunk of valid batches holds. Filled in place: one object per log. */
export interface ChunkFacts {
  batches: number;
  /** Offset of the first and of the last record, as the batches say (before a leader assigns its own). */
  firstOffset: number;
  lastOffset: number;
  /** Sum of the offsets that the batches take. */
  offsetCount: number;
  maxTimestampMs: number;
}

export function emptyFacts(): ChunkFacts {
  return { batches: 0, firstOffset: -1, lastOffset: -1, offsetCount: 0, maxTimestampMs: -1 };
}

/**
 * Checks every batch in `records`: length, magic, size, CRC and, of a client's, every record. Fills `facts`.
 * @param inflated a client's records without compression, where they are at hand
 */
export function checkChunk(
  records: Buffer,
  origin: AppendOrigin,
  config: LogConfig,
  nowMs: number,
  facts: ChunkFacts,
  inflated?: Buffer,
): LogRefusal | undefined {
  Object.assign(facts, { batches: 0, firstOffset: -1, lastOffset: -1, offsetCount: 0, maxTimestampMs: -1 });
  for (let at = 0; at < records.length; at += layout.sizeOf(records, at)) {
    const refusal =
      checkBatch(records, at, origin, config) ??
      (origin === 'client' ? checkClientBatch(records, config, nowMs, inflated) : undefined);
    if (refusal) return refusal;
    const baseOffset = layout.baseOffsetOf(records, at);
    if (origin === 'replica' && facts.batches > 0 && baseOffset <= facts.lastOffset)
      return refusalOf(
        logError.INVALID_RECORD,
        `batch at offset ${baseOffset} follows one that ends at ${facts.lastOffset}`,
      );
    if (facts.batches === 0) facts.firstOffset = baseOffset;
    facts.batches++;
    facts.lastOffset = layout.lastOffsetOf(records, at);
    facts.offsetCount += layout.lastOffsetDeltaOf(records, at) + 1;
    facts.maxTimestampMs = Math.max(facts.maxTimestampMs, layout.maxTimestampOf(records, at));
  }
  return facts.batches > 0 ? undefined : refusalOf(logError.INVALID_RECORD, 'expected a record batch, found no bytes');
}

/** Shape, size and checksum: the same for everybody, but only leaders limit the size (a follower takes what its leader took). */
function checkBatch(records: Buffer, at: number, origin: AppendOrigin, config: LogConfig): LogRefusal | undefined {
  const rest = records.length - at;
  if (rest >= layout.batchPrefixBytes + 5 && layout.magicOf(records, at) !== layout.currentMagic)
    return refusalOf(logError.UNSUPPORTED_FOR_MESSAGE_FORMAT, `expected magic 2, found ${layout.magicOf(records, at)}`);
  if (rest < layout.batchHeaderBytes)
    return refusalOf(
      logError.CORRUPT_MESSAGE,
      `expected a batch header of ${layout.batchHeaderBytes} bytes, found ${rest}`,
    );
  const size = layout.sizeOf(records, at);
  if (size < layout.batchHeaderBytes || size > rest)
    return refusalOf(logError.CORRUPT_MESSAGE, `expected a batch of ${size} bytes, found ${rest}`);
  if (origin === 'client' && layout.baseOffsetOf(records, at) !== 0)
    return refusalOf(logError.INVALID_RECORD, `expected base offset 0, found ${layout.baseOffsetOf(records, at)}`);
  if (origin === 'client' && size > config.maxMessageBytes)
    return refusalOf(
      logError.MESSAGE_TOO_LARGE,
      `batch of ${size} bytes is larger than max.message.bytes ${config.maxMessageBytes}`,
    );
  const fault = layout.faultOf(records, at, records.length);
  if (!fault) return undefined;
  return fault === 'offsets'
    ? refusalOf(
        logError.INVALID_RECORD,
        `batch with offset ${layout.baseOffsetOf(records, at)} and last offset delta ${layout.lastOffsetDeltaOf(records, at)}`,
      )
    : refusalOf(logError.CORRUPT_MESSAGE, `checksum ${layout.crcOf(records, at)} does not match the batch`);
}

function refusalOf(code: LogRefusal['code'], message: string): LogRefusal {
  return { code, message };
}
