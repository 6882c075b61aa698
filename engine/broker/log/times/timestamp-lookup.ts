import type { Int64 } from '../../../protocol/int64.ts';
import * as layout from '../../../records/batch-layout.ts';
import { compressions } from '../../../records/record-batch.ts';
import { decompress } from '../../../records/record-decompress.ts';
import { findRecord } from '../../../records/record-scan.ts';
import type { InflationGate } from '../checks/inflation-gate.ts';
import { inflatedBatchBytesMax, inlineCompressedBytesMax, inlineInflatedBytesMax } from '../checks/inflation-limits.ts';
import type { LogConfig } from '../log-config.ts';
import type { SegmentChain } from '../segment-chain.ts';
import { exactMaxTimestamp, exactTimestamps, hasWideTimestamps } from './exact-timestamps.ts';

/** A record found by its time, for ListOffsets. */
export interface TimestampedOffset {
  readonly offset: number;
  readonly timestampMs: Int64;
  readonly leaderEpoch: number;
}

/** What is looked for: the first record from `fromOffset` on and below `before` with a timestamp of at least `timestampMs`. */
export interface WantedTimestamp {
  readonly timestampMs: Int64;
  readonly fromOffset: number;
  readonly before: number;
}

/** What looking into batches takes. */
export interface Inflating {
  readonly config: LogConfig;
  readonly gate: InflationGate;
}

/** The answer: at once, unless a large compressed batch has to be inflated in the background, a few at a time. */
export type FoundTimestamp = TimestampedOffset | undefined | Promise<TimestampedOffset | undefined>;

/** The first record that is wanted. */
export function findTimestamp(segments: SegmentChain, wanted: WantedTimestamp, inflating: Inflating): FoundTimestamp {
  for (const batch of batchesOfTime(segments, floorOf(wanted.timestampMs), wanted)) {
    const found = firstIn(batch, wanted, inflating);
    // A batch may hold the time only in records below `fromOffset`; then the answer lies in what follows. After a wait the
    // log may be another one, so the search begins anew there.
    const after = { ...wanted, fromOffset: layout.lastOffsetOf(batch, 0) + 1 };
    if (found instanceof Promise)
      return found.then((hit) => (hit ? below(hit, wanted) : findTimestamp(segments, after, inflating)));
    if (found) return below(found, wanted);
  }
  return undefined;
}

function below(found: TimestampedOffset, { before }: { readonly before: number }): TimestampedOffset | undefined {
  return found.offset < before ? found : undefined;
}

/** The first record with the largest timestamp of the log below `before` (KIP-734). */
export function findLargestTimestamp(
  segments: SegmentChain,
  range: Omit<WantedTimestamp, 'timestampMs'>,
  inflating: Inflating,
): FoundTimestamp {
  let largestMs = -1;
  for (const { largestTimestamp } of segments.all) largestMs = Math.max(largestMs, largestTimestamp.timestampMs);
  if (largestMs < 0) return undefined;
  if (Number.isSafeInteger(largestMs)) return findTimestamp(segments, { ...range, timestampMs: largestMs }, inflating);
  // SegmentChain know their largest timestamp as a number: which of those that look alike is the largest, the batches tell.
  let best: Int64 = -1;
  for (const batch of batchesOfTime(segments, floorOf(BigInt(largestMs)), range)) {
    const max = exactMaxTimestamp(batch);
    if (max > best) best = max;
  }
  return findTimestamp(segments, { ...range, timestampMs: best }, inflating);
}

/** Distance between neighbouring numbers just below 2^63, times two. */
const wideStep = 2_048;

/** A number at or below a timestamp to look for in indexes, which hold numbers rounded to the nearest. */
function floorOf(timestampMs: Int64): number {
  return typeof timestampMs === 'number' ? timestampMs : Number(timestampMs) - wideStep;
}

/** Batches that end at or after `fromOffset` and begin below `before`, whose largest timestamp is at least `timestampMs`; in order. */
function* batchesOfTime(
  segments: SegmentChain,
  timestampMs: number,
  { fromOffset, before }: Omit<WantedTimestamp, 'timestampMs'>,
) {
  let next = fromOffset;
  for (let index = segments.indexOf(fromOffset); index < segments.all.length; index++) {
    const segment = segments.all[index]!;
    if (segment.baseOffset >= before) return;
    if (segment.largestTimestamp.timestampMs < timestampMs) continue;
    for (;;) {
      const batch = segment.findTimestamp(timestampMs, next);
      segments.touch(segment);
      if (!batch || layout.baseOffsetOf(batch, 0) >= before) break;
      yield batch;
      next = layout.lastOffsetOf(batch, 0) + 1;
    }
  }
}

function firstIn(batch: Buffer, wanted: WantedTimestamp, { config, gate }: Inflating): FoundTimestamp {
  const attributes = layout.attributesOf(batch, 0);
  if (attributes & layout.attribute.logAppendTime) {
    const found = headerOf(batch, wanted.fromOffset);
    return found.timestampMs >= wanted.timestampMs ? found : undefined;
  }
  const codec = attributes & layout.attribute.codecMask;
  const body = batch.subarray(layout.batchHeaderBytes);
  if (codec === 0) return recordIn(body, batch, wanted);
  if (body.length <= inlineCompressedBytesMax) {
    try {
      return recordIn(decompress(compressions[codec]!, body, inlineInflatedBytesMax), batch, wanted);
    } catch {
      // Too large for here, or damaged: both are found out below.
    }
  }
  return gate.run(async () => {
    try {
      const inflated = await gate.inflate(compressions[codec]!, body, inflatedBatchBytesMax(config));
      return recordIn(inflated, batch, wanted);
    } catch {
      // Stored before records were looked at; the batch's own header is the best answer there is.
      return headerOf(batch);
    }
  });
}

/** The first wanted record in `body`, the inflated records of `batch`. */
function recordIn(
  body: Buffer,
  batch: Buffer,
  { timestampMs, fromOffset }: WantedTimestamp,
): TimestampedOffset | undefined {
  const leaderEpoch = layout.leaderEpochOf(batch, 0);
  if (hasWideTimestamps(batch) || typeof timestampMs === 'bigint') {
    const found = exactTimestamps(batch, body).find(
      (record) => record.timestamp >= timestampMs && record.offset >= fromOffset,
    );
    return found && { offset: found.offset, timestampMs: found.timestamp, leaderEpoch };
  }
  const baseOffset = layout.baseOffsetOf(batch, 0);
  const asked = { timestampMs, minOffsetDelta: fromOffset - baseOffset };
  const found = findRecord(body, 0, layout.recordCountOf(batch, 0), layout.baseTimestampOf(batch, 0), asked);
  if (found === 'damaged') return headerOf(batch);
  return found && { offset: baseOffset + found.offsetDelta, timestampMs: found.timestampMs, leaderEpoch };
}

function headerOf(batch: Buffer, fromOffset = 0): TimestampedOffset {
  return {
    offset: Math.max(layout.baseOffsetOf(batch, 0), fromOffset),
    timestampMs: exactMaxTimestamp(batch),
    leaderEpoch: layout.leaderEpochOf(batch, 0),
  };
}
