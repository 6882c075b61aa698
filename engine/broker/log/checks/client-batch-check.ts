import * as layout from '../../../records/batch-layout.ts';
import { compressions } from '../../../records/record-batch.ts';
import { decompress } from '../../../records/record-decompress.ts';
import type { RecordFault, RecordRules } from '../../../records/record-scan.ts';
import { exactMaxTimestamp, RecordScan } from '../../../records/record-scan.ts';
import type { LogConfig } from '../log-config.ts';
import type { LogRefusal, RecordError } from '../log-refusal.ts';
import { logError } from '../log-refusal.ts';
import { inflatedBatchBytesMax } from './inflation-limits.ts';

/** Record errors that the sentence of a refusal repeats. */
const errorsInMessageMax = 3;

const recordScan = new RecordScan();
const rules: { -readonly [Name in keyof RecordRules]: RecordRules[Name] } = {
  needsKeys: false,
  earliestMs: Number.NEGATIVE_INFINITY,
  latestMs: Number.POSITIVE_INFINITY,
};

/**
 * Rules for a batch that a producer sends (Kafka's LogValidator): header first, then every record. One that cannot be read
 * would stop all consumers of the partition for ever. Corrects what the header says of the largest timestamp, in place.
 * @param inflated the records without compression, where the caller has them already
 */
export function checkClientBatch(
  batch: Buffer,
  config: LogConfig,
  nowMs: number,
  inflated: Buffer | undefined,
): LogRefusal | undefined {
  const refusal = checkHeader(batch);
  if (refusal) return refusal;
  const codec = layout.attributesOf(batch, 0) & layout.attribute.codecMask;
  if (codec === 0) return checkRecords(batch, layout.batchHeaderBytes, batch, config, nowMs);
  try {
    const body = inflated ?? inflate(batch, codec, config);
    return checkRecords(body, 0, batch, config, nowMs);
  } catch (error) {
    return {
      code: logError.INVALID_RECORD,
      message: `records cannot be read as ${compressions[codec]}: ${(error as Error).message}`,
    };
  }
}

function inflate(batch: Buffer, codec: number, config: LogConfig): Buffer {
  return decompress(compressions[codec]!, batch.subarray(layout.batchHeaderBytes), inflatedBatchBytesMax(config));
}

function checkHeader(batch: Buffer): LogRefusal | undefined {
  const attributes = layout.attributesOf(batch, 0);
  const count = layout.recordCountOf(batch, 0);
  const offsets = layout.lastOffsetDeltaOf(batch, 0) + 1;
  if (count !== offsets || count < 1)
    return refusalOf(logError.INVALID_RECORD, `batch of ${count} records takes ${offsets} offsets`);
  if (attributes & layout.attribute.control)
    return refusalOf(logError.INVALID_RECORD, 'clients may not write control records');
  if (layout.producerIdOf(batch, 0) >= 0 && layout.baseSequenceOf(batch, 0) < 0)
    return refusalOf(logError.INVALID_RECORD, `producer ${layout.producerIdOf(batch, 0)} sent no sequence number`);
  const codec = attributes & layout.attribute.codecMask;
  return codec < compressions.length
    ? undefined
    : refusalOf(logError.UNSUPPORTED_COMPRESSION_TYPE, `unknown compression ${codec}`);
}

/** The records in `body` from `from` on, which are those of `batch`. */
function checkRecords(
  body: Buffer,
  from: number,
  batch: Buffer,
  config: LogConfig,
  nowMs: number,
): LogRefusal | undefined {
  const count = layout.recordCountOf(batch, 0);
  // With the bit for log-append time all records have the time of the header, whoever set it.
  const hasOneTime = (layout.attributesOf(batch, 0) & layout.attribute.logAppendTime) !== 0;
  const checksTimes = !config.isLogAppendTime && !hasOneTime;
  rules.needsKeys = config.isCompacted;
  rules.earliestMs = checksTimes ? nowMs - config.timestampBeforeMaxMs : Number.NEGATIVE_INFINITY;
  rules.latestMs = checksTimes ? nowMs + config.timestampAfterMaxMs : Number.POSITIVE_INFINITY;
  const scan = recordScan;
  const base = layout.baseTimestampOf(batch, 0);
  const exactBase = Number.isSafeInteger(base) ? undefined : batch.readBigInt64BE(layout.baseTimestampByte);
  scan.run(body, from, body.length, count, base, rules, exactBase);
  if (scan.damage) return refusalOf(logError.INVALID_RECORD, scan.damage);
  const faults = scan.faults ?? (hasOneTime ? checkOneTime(batch, config, nowMs) : undefined);
  if (faults) return refuseRecords(faults, config, nowMs);
  if (config.isLogAppendTime) return undefined; // the broker's time is stamped on it
  if (hasOneTime) layout.stampCreateTime(batch, 0, batch.readBigInt64BE(layout.maxTimestampByte));
  else if (!scan.isExact) correctExactly(body, from, batch, count);
  else if (scan.maxTimestampMs !== layout.maxTimestampOf(batch, 0))
    layout.stampCreateTime(batch, 0, BigInt(scan.maxTimestampMs));
  return undefined;
}

function correctExactly(body: Buffer, from: number, batch: Buffer, count: number): void {
  const max = exactMaxTimestamp(body, from, count, batch.readBigInt64BE(layout.baseTimestampByte));
  if (max !== batch.readBigInt64BE(layout.maxTimestampByte)) layout.stampCreateTime(batch, 0, max);
}

function checkOneTime(batch: Buffer, config: LogConfig, nowMs: number): RecordFault[] | undefined {
  const timestampMs = layout.maxTimestampOf(batch, 0);
  if (config.isLogAppendTime || timestampMs === -1) return undefined;
  const isNear =
    nowMs - timestampMs <= config.timestampBeforeMaxMs && timestampMs - nowMs <= config.timestampAfterMaxMs;
  return isNear ? undefined : [{ index: 0, kind: 'timestamp', timestampMs }];
}

function refuseRecords(faults: readonly RecordFault[], config: LogConfig, nowMs: number): LogRefusal {
  const recordErrors = faults.map((fault) => ({ batchIndex: fault.index, message: sentenceOf(fault, config, nowMs) }));
  if (faults.some(({ kind }) => kind === 'timestamp'))
    return {
      code: logError.INVALID_TIMESTAMP,
      message: `One or more records have been rejected due to invalid timestamp: ${recordErrors[0]!.message}`,
      recordErrors,
    };
  const shown = recordErrors.slice(0, errorsInMessageMax).map((error: RecordError) => error.message);
  const message = `One or more records have been rejected due to ${faults.length} record errors: ${shown.join(' ')}`;
  return { code: logError.INVALID_RECORD, message, recordErrors };
}

function sentenceOf({ index, kind, timestampMs }: RecordFault, config: LogConfig, nowMs: number): string {
  if (kind === 'key') return `Compacted topic cannot accept message without key (record ${index}).`;
  const { timestampBeforeMaxMs, timestampAfterMaxMs } = config;
  const range = `[${nowMs - timestampBeforeMaxMs}, ${nowMs + timestampAfterMaxMs}]`;
  return `Timestamp ${timestampMs} of message with offset ${index} is out of range. The timestamp should be within ${range}`;
}

function refusalOf(code: LogRefusal['code'], message: string): LogRefusal {
  return { code, message };
}
