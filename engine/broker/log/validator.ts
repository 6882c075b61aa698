import * as layout from '../../records/batch-layout.ts';
import { compressions } from '../../records/record-batch.ts';
import type { LogConfig } from './log-config.ts';
import type { LogRefusal } from './log-refusal.ts';
import { logError } from './log-refusal.ts';

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
 * Checks every batch in `records`: length, magic, size, CRC and, by origin, what a client may send. Fills `facts`.
 * No record is decoded: what lies inside a batch is the business of those who read it.
 */
export function checkChunk(
  records: Buffer,
  origin: AppendOrigin,
  config: LogConfig,
  nowMs: number,
  facts: ChunkFacts,
): LogRefusal | undefined {
  Object.assign(facts, { batches: 0, firstOffset: -1, lastOffset: -1, offsetCount: 0, maxTimestampMs: -1 });
  for (let at = 0; at < records.length; at += layout.sizeOf(records, at)) {
    const refusal =
      checkBatch(records, at, origin, config) ?? checkClientBatch(records, at, origin, config, nowMs, facts);
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

/** Rules for what a producer sends (Kafka's LogValidator and ProduceRequest checks). */
function checkClientBatch(
  records: Buffer,
  at: number,
  origin: AppendOrigin,
  config: LogConfig,
  nowMs: number,
  facts: ChunkFacts,
): LogRefusal | undefined {
  if (origin !== 'client') return undefined;
  if (facts.batches > 0)
    return refusalOf(logError.INVALID_RECORD, 'a partition takes exactly one record batch per request');
  const attributes = layout.attributesOf(records, at);
  if (layout.baseOffsetOf(records, at) !== 0)
    return refusalOf(logError.INVALID_RECORD, `expected base offset 0, found ${layout.baseOffsetOf(records, at)}`);
  const count = layout.recordCountOf(records, at);
  const offsets = layout.lastOffsetDeltaOf(records, at) + 1;
  if (count !== offsets)
    return refusalOf(logError.INVALID_RECORD, `batch of ${count} records takes ${offsets} offsets`);
  if (attributes & layout.attribute.control)
    return refusalOf(logError.INVALID_RECORD, 'clients may not write control records');
  if (layout.producerIdOf(records, at) >= 0 && layout.baseSequenceOf(records, at) < 0)
    return refusalOf(logError.INVALID_RECORD, `producer ${layout.producerIdOf(records, at)} sent no sequence number`);
  const codec = attributes & layout.attribute.codecMask;
  if (codec >= compressions.length)
    return refusalOf(logError.UNSUPPORTED_COMPRESSION_TYPE, `unknown compression ${codec}`);
  if (attributes & layout.attribute.logAppendTime)
    return refusalOf(logError.INVALID_TIMESTAMP, 'producers may not send log-append time');
  return config.isLogAppendTime ? undefined : checkTimestamps(records, at, config, nowMs);
}

/** CreateTime must lie near the broker's clock. The header's first and largest timestamps stand for those of all records. */
function checkTimestamps(records: Buffer, at: number, config: LogConfig, nowMs: number): LogRefusal | undefined {
  const first = layout.baseTimestampOf(records, at);
  const largest = layout.maxTimestampOf(records, at);
  if (largest >= 0 && largest - nowMs > config.timestampAfterMaxMs)
    return refusalOf(
      logError.INVALID_TIMESTAMP,
      `timestamp ${largest} is ${largest - nowMs} ms ahead of the broker; message.timestamp.after.max.ms is ${config.timestampAfterMaxMs}`,
    );
  if (first >= 0 && nowMs - first > config.timestampBeforeMaxMs)
    return refusalOf(
      logError.INVALID_TIMESTAMP,
      `timestamp ${first} is ${nowMs - first} ms behind the broker; message.timestamp.before.max.ms is ${config.timestampBeforeMaxMs}`,
    );
  return undefined;
}

function refusalOf(code: LogRefusal['code'], message: string): LogRefusal {
  return { code, message };
}
