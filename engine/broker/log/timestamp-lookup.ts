import * as layout from '../../records/batch-layout.ts';
import type { LogRecord } from '../../records/record-batch.ts';
import { decodeRecords } from '../../records/record-batch.ts';
import { decompress } from '../../records/record-decompress.ts';
import type { Segments } from './segments.ts';

/** A record found by its time, for ListOffsets. */
export interface TimestampedOffset {
  readonly offset: number;
  readonly timestampMs: number;
  readonly leaderEpoch: number;
}

/** The first record at or after `fromOffset` and below `before` whose timestamp is at least `timestampMs`. */
export function findTimestamp(
  segments: Segments,
  timestampMs: number,
  fromOffset: number,
  before: number,
): TimestampedOffset | undefined {
  let found: TimestampedOffset | undefined;
  for (let index = segments.indexOf(fromOffset); index < segments.all.length && !found; index++) {
    const segment = segments.all[index]!;
    if (segment.baseOffset >= before) return undefined;
    if (segment.largestTimestamp.timestampMs < timestampMs) continue;
    const batch = segment.findTimestamp(timestampMs, fromOffset);
    if (segment !== segments.active) segments.touch(segment);
    found = batch && firstIn(batch, (record) => record.timestamp >= timestampMs && record.offset >= fromOffset);
    // A batch may hold the time only in records below `fromOffset`; then the answer lies in what follows.
    if (batch && !found) return findTimestamp(segments, timestampMs, layout.lastOffsetOf(batch, 0) + 1, before);
  }
  return found && found.offset < before ? found : undefined;
}

/** The first record with the largest timestamp of the log below `before` (KIP-734). */
export function findLargestTimestamp(
  segments: Segments,
  fromOffset: number,
  before: number,
): TimestampedOffset | undefined {
  let best: { readonly timestampMs: number; readonly segment: number } | undefined;
  segments.all.forEach((segment, index) => {
    const { timestampMs } = segment.largestTimestamp;
    if (timestampMs >= 0 && timestampMs > (best?.timestampMs ?? -1)) best = { timestampMs, segment: index };
  });
  return best && findTimestamp(segments, best.timestampMs, fromOffset, before);
}

function firstIn(batch: Buffer, holds: (record: LogRecord) => boolean): TimestampedOffset | undefined {
  const leaderEpoch = layout.leaderEpochOf(batch, 0);
  try {
    const record = decodeRecords(batch, { decompress }).find(holds);
    return record && { offset: record.offset, timestampMs: record.timestamp, leaderEpoch };
  } catch {
    // A client may send records that cannot be read; the batch's own header is the best answer there is.
    return { offset: layout.baseOffsetOf(batch, 0), timestampMs: layout.maxTimestampOf(batch, 0), leaderEpoch };
  }
}
