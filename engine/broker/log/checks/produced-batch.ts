import type { Result } from '../../../base/result.ts';
import { ok } from '../../../base/result.ts';
import * as layout from '../../../records/batch-layout.ts';
import type { LogRefusal } from '../log-refusal.ts';
import { logError, refuse } from '../log-refusal.ts';

/** Smallest size that Kafka believes of a record set in any format, in bytes after the prefix. */
const recordBytesMin = 14;
/** Bytes of a batch up to its magic, which all formats have. */
const bytesUpToMagic = layout.batchPrefixBytes + 5;

/**
 * The one batch in what a client produced to a partition, read as Kafka reads it: bytes that are no batch at all are
 * corrupt, a batch that is not there whole or in an old format is no valid record, and a rest that cannot be a batch is
 * left out. Looks at lengths and magic only.
 */
export function producedBatch(records: Buffer): Result<Buffer, LogRefusal> {
  const size = nextBatchSize(records, 0);
  if (typeof size !== 'number') return size;
  if (size === 0)
    return refuse(logError.INVALID_RECORD, `expected a whole record batch, found ${records.length} bytes`);
  const magic = layout.magicOf(records, 0);
  if (magic !== layout.currentMagic)
    return refuse(logError.INVALID_RECORD, `expected a record batch of magic 2, found ${magic}`);
  if (size === records.length) return ok(records);
  const second = nextBatchSize(records, size);
  if (typeof second !== 'number') return second;
  if (second > 0) return refuse(logError.INVALID_RECORD, 'a partition takes exactly one record batch per request');
  return ok(records.subarray(0, size));
}

/** Size of the batch at `at`; 0 when it is not there whole. Refused when no format begins like this. */
function nextBatchSize(records: Buffer, at: number): number | { readonly ok: false; readonly error: LogRefusal } {
  const rest = records.length - at;
  if (rest < layout.batchPrefixBytes) return 0;
  const size = layout.sizeOf(records, at);
  if (size < layout.batchPrefixBytes + recordBytesMin)
    return refuse(logError.CORRUPT_MESSAGE, `a record batch cannot have ${size} bytes`);
  if (rest < bytesUpToMagic) return 0;
  const magic = layout.magicOf(records, at);
  if (magic < 0 || magic > layout.currentMagic)
    return refuse(logError.CORRUPT_MESSAGE, `expected a magic from 0 to ${layout.currentMagic}, found ${magic}`);
  return size > rest ? 0 : size;
}
