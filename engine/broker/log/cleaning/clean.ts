import type { LogState } from '../log-state.ts';
import type { Segment } from '../segment/segment.ts';
import { LogCleaning } from './clean-log.ts';
import type { CleanableRange } from './cleanable-range.ts';
import { cleanableRange } from './cleanable-range.ts';
import type { CleaningResult, CleaningTools } from './cleaning-tools.ts';
import { CleaningAborted } from './cleaning-tools.ts';

/** See `PartitionLog.cleanableRange`. */
export function cleanableRangeOf(
  { segments, config, startOffset, endOffset, options, isRetentionDue }: LogState,
  stableOffset: number,
  checkpoint: number | undefined,
): CleanableRange {
  const touched = (segment: Segment, timestampMs: number): number => {
    segments.touch(segment);
    return timestampMs;
  };
  const facts = segments.all.map((segment) => ({
    baseOffset: segment.baseOffset,
    sizeBytes: segment.sizeBytes,
    largestTimestampMs: () => touched(segment, segment.largestTimestamp.timestampMs),
    firstTimestampMs: () => touched(segment, segment.firstTimestampMs),
  }));
  const nowMs = options.clock.now();
  const range = cleanableRange(facts, config, { nowMs, startOffset, endOffset, stableOffset, checkpoint });
  return { ...range, isDue: range.isDue && !isRetentionDue };
}

/** See `PartitionLog.clean`. */
export async function cleanLog(
  state: LogState,
  range: CleanableRange,
  tools: CleaningTools,
): Promise<CleaningResult | undefined> {
  state.isBeingCleaned = true;
  try {
    return await new LogCleaning(state, range, tools).run();
  } catch (error) {
    if (error instanceof CleaningAborted) return undefined;
    throw error;
  } finally {
    state.isBeingCleaned = false;
  }
}
