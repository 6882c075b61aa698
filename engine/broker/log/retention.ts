import type { LogConfig } from './log-config.ts';

/** What retention looks at in a segment. */
export interface RetainedSegment {
  readonly sizeBytes: number;
  /** Offset after its last record: the next segment's base. */
  readonly endOffset: number;
  /** Largest timestamp of its records, or when it was made if they have none. */
  readonly largestTimestampMs: () => number;
}

/**
 * How many of the oldest segments may go: those wholly below the log start, and with `cleanup.policy=delete` those too old
 * or beyond the size limit. Never one that reaches above the high watermark; an empty last one stays.
 */
export function deletableSegments(
  segments: readonly RetainedSegment[],
  config: LogConfig,
  at: { readonly nowMs: number; readonly highWatermark: number; readonly startOffset: number },
): number {
  let excessBytes =
    config.retentionBytes < 0 ? 0 : segments.reduce((sum, segment) => sum + segment.sizeBytes, -config.retentionBytes);
  let count = 0;
  for (const segment of segments) {
    const isLastAndEmpty = count === segments.length - 1 && segment.sizeBytes === 0;
    if (isLastAndEmpty || segment.endOffset > at.highWatermark) break;
    const isTooOld = config.retentionMs >= 0 && at.nowMs - segment.largestTimestampMs() > config.retentionMs;
    const isTooMuch = config.retentionBytes >= 0 && excessBytes >= segment.sizeBytes;
    const isBelowStart = segment.endOffset <= at.startOffset;
    if (!isBelowStart && !(config.isDeleted && (isTooOld || isTooMuch))) break;
    excessBytes -= segment.sizeBytes;
    count++;
  }
  return count;
}
