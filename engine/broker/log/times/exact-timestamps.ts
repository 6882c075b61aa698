import type { Int64 } from '../../../protocol/int64.ts';
import { int64Of } from '../../../protocol/int64.ts';
import { Reader } from '../../../protocol/reader.ts';
import * as layout from '../../../records/batch-layout.ts';

/** When a record was written or came, with its place. */
export interface StampedOffset {
  readonly offset: number;
  readonly timestamp: Int64;
}

/** Whether a batch has timestamps that a number does not hold exactly. Somebody counts nanoseconds, or marks records with Long.MAX_VALUE. */
export function hasWideTimestamps(batch: Buffer): boolean {
  return (
    !Number.isSafeInteger(layout.maxTimestampOf(batch, 0)) || !Number.isSafeInteger(layout.baseTimestampOf(batch, 0))
  );
}

/** The largest timestamp that the batch's header names. */
export function exactMaxTimestamp(batch: Buffer): Int64 {
  return int64Of(batch.readBigInt64BE(maxTimestampAt));
}

/**
 * Every record's offset and exact timestamp; `body` is the inflated records of `batch`. Dear: for wide timestamps only.
 * @throws when the records cannot be read
 */
export function exactTimestamps(batch: Buffer, body: Buffer): StampedOffset[] {
  const attributes = layout.attributesOf(batch, 0);
  const appendTime = (attributes & layout.attribute.logAppendTime) === 0 ? undefined : exactMaxTimestamp(batch);
  const reader = new Reader(body);
  const baseTimestamp = batch.readBigInt64BE(baseTimestampAt);
  const baseOffset = layout.baseOffsetOf(batch, 0);
  return Array.from({ length: layout.recordCountOf(batch, 0) }, () => {
    const length = reader.varint();
    const end = reader.position + length;
    reader.int8();
    const timestampDelta = BigInt(reader.varlongWide());
    const offset = baseOffset + reader.varint();
    reader.skip(end - reader.position);
    return { offset, timestamp: appendTime ?? int64Of(BigInt.asIntN(64, baseTimestamp + timestampDelta)) };
  });
}

const baseTimestampAt = 27;
const maxTimestampAt = 35;
