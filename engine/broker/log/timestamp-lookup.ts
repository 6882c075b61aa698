import type { Int64 } from '../../protocol/int64.ts';
import * as layout from '../../records/batch-layout.ts';
import { decodeRecords } from '../../records/record-batch.ts';
import { decompress } from '../../records/record-decompress.ts';
import type { StampedOffset } from './exact-timestamps.ts';
import { exactMaxTimestamp, exactTimestamps, hasWideTimestamps } from './exact-timestamps.ts';
import type { Segments } from './segments.ts';

/** A record found by its time, for ListOffsets. */
export interface TimestampedOffset {
  readonly offset: number;
  readonly timestampMs: Int64;
  readonly leaderEpoch: number;
}

/** The first record at or after `fromOffset` and below `before` whose timestamp is at least `timestampMs`. */
export function findTimestamp(
  segments: Segments,
  timestampMs: Int64,
  fromOffset: number,
  before: number,
): TimestampedOffset | undefined {
  for (const batch of batchesOfTime(segments, floorOf(timestampMs), fromOffset, before)) {
    const found = firstIn(batch, (record) => record.timestamp >= timestampMs && record.offset >= fromOffset);
    // A batch may hold the time only in records below `fromOffset`; then the answer lies in what follows.
    if (found) return found.offset < before ? found : undefined;
  }
  return undefined;
}

/** The first record with the largest timestamp of the log below `before` (KIP-734). */
export function findLargestTimestamp(
  segments: Segments,
  fromOffset: number,
  before: number,
): TimestampedOffset | undefined {
  let largestMs = -1;
  for (const { largestTimestamp } of segments.all) largestMs = Math.max(largestMs, largestTimestamp.timestampMs);
  if (largestMs < 0) return undefined;
  if (Number.isSafeInteger(largestMs)) return findTimestamp(segments, largestMs, fromOffset, before);
  // Segments know their largest timestamp as a number: which of those that look alike is the largest, the batches tell.
  let best: TimestampedOffset | undefined;
  for (const batch of batchesOfTime(segments, floorOf(BigInt(largestMs)), fromOffset, before)) {
    const max = exactMaxTimestamp(batch);
    if (best && max <= best.timestampMs) continue;
    const found = firstIn(batch, (record) => record.timestamp >= max && record.offset >= fromOffset);
    if (found && found.offset < before) best = found;
  }
  return best;
}

/** Distance between neighbouring numbers just below 2^63, times two. */
const wideStep = 2_048;

/** A number at or below a timestamp to look for in indexes, which hold numbers rounded to the nearest. */
function floorOf(timestampMs: Int64): number {
  return typeof timestampMs === 'number' ? timestampMs : Number(timestampMs) - wideStep;
}

/** Batches that end at or after `fromOffset` and begin below `before`, whose largest timestamp is at least `timestampMs`; in order. */
function* batchesOfTime(segments: Segments, timestampMs: number, fromOffset: number, before: number) {
  let next = fromOffset;
  for (let index = segments.indexOf(fromOffset); index < segments.all.length; index++) {
    const segment = segments.all[index]!;
    if (segment.baseOffset >= before) return;
    if (segment.largestTimestamp.timestampMs < timestampMs) continue;
    for (;;) {
      const batch = segment.findTimestamp(timestampMs, next);
      if (segment !== segments.active) segments.touch(segment);
      if (!batch || layout.baseOffsetOf(batch, 0) >= before) break;
      yield batch;
      next = layout.lastOffsetOf(batch, 0) + 1;
    }
  }
}

function firstIn(batch: Buffer, holds: (record: StampedOffset) => boolean): TimestampedOffset | undefined {
  const leaderEpoch = layout.leaderEpochOf(batch, 0);
  try {
    const records = hasWideTimestamps(batch) ? exactTimestamps(batch) : decodeRecords(batch, { decompress });
    const record = records.find(holds);
    return record && { offset: record.offset, timestampMs: record.timestamp, leaderEpoch };
  } catch {
    // A client may send records that cannot be read; the batch's own header is the best answer there is.
    return { offset: layout.baseOffsetOf(batch, 0), timestampMs: exactMaxTimestamp(batch), leaderEpoch };
  }
}
