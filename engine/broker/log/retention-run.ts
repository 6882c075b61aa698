import { assert } from '../../base/assert.ts';
import type { LogConfig } from './log-config.ts';
import type { LogState } from './log-state.ts';
import { snapshotOffsets, snapshotPath } from './producers/producer-snapshot.ts';
import type { RetainedSegment } from './retention.ts';
import { deletableSegments } from './retention.ts';
import { roll } from './rolling.ts';
import type { SegmentChain } from './segment-chain.ts';
import { writeStartOffset } from './start-offset-file.ts';

/** Moves the start offset up to `offset` and removes segments wholly below it. */
export function deleteRecordsBefore(state: LogState, offset: number): void {
  if (offset <= state.startOffset) return;
  assert(offset <= state.endOffset, `start offset ${offset} is not above the end offset ${state.endOffset}`);
  state.startOffset = offset;
  writeStartOffset(state.options.disk, state.options.folder, offset);
  const at = { nowMs: 0, highWatermark: Number.MAX_SAFE_INTEGER, startOffset: offset };
  removeOldest(state, countDeletable(state, { ...state.config, isDeleted: false }, at));
}

/** See `PartitionLog.enforceRetention`. */
export function enforceRetention(state: LogState, nowMs: number, highWatermark: number): number {
  state.producers.expire(nowMs - state.config.producerExpirationMs);
  state.producers.verifications.expire(nowMs - state.config.producerExpirationMs);
  state.isRetentionDue = state.isBeingCleaned && state.config.isDeleted;
  if (state.isBeingCleaned) return 0;
  const count = countDeletable(state, state.config, { nowMs, highWatermark, startOffset: state.startOffset });
  if (count === state.segments.all.length) roll(state); // the active segment too: the log goes on in an empty one
  removeOldest(state, count);
  return count;
}

function countDeletable(
  { segments }: LogState,
  config: LogConfig,
  at: Parameters<typeof deletableSegments>[2],
): number {
  return deletableSegments(retainedSegments(segments), config, at);
}

/** Timestamps are looked up only for the segments that retention asks about: the oldest ones. */
function retainedSegments(segments: SegmentChain): RetainedSegment[] {
  return segments.all.map((segment, index) => ({
    sizeBytes: segment.sizeBytes,
    endOffset: segments.endOf(index),
    largestTimestampMs: () => {
      const { timestampMs } = segment.largestTimestamp;
      segments.touch(segment);
      return timestampMs >= 0 ? timestampMs : segment.createdMs;
    },
  }));
}

/** Removes the `count` oldest segments, but never the active one, with the epochs and snapshots that belong to them. */
function removeOldest(state: LogState, count: number): void {
  if (count === 0) return;
  const { segments, epochs } = state;
  const { disk, folder } = state.options;
  segments.removeFirst(Math.min(count, segments.all.length - 1));
  const first = segments.first.baseOffset;
  state.startOffset = Math.max(state.startOffset, first);
  epochs.truncateFromStart(state.startOffset);
  epochs.save();
  for (const snapshot of snapshotOffsets(disk.list(folder)))
    if (snapshot < first) disk.remove(snapshotPath(folder, snapshot));
}
