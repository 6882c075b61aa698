import type { LogConfig } from '../log-config.ts';

/** What is looked at in a segment to know what of a log can be cleaned. */
export interface CleanableSegment {
  readonly baseOffset: number;
  readonly sizeBytes: number;
  /** Largest timestamp of its records in ms; -1 when none has one. */
  readonly largestTimestampMs: () => number;
  /** Largest timestamp of its first batch in ms; -1 when there is none. */
  readonly firstTimestampMs: () => number;
}

/** Which part of a log a cleaning would take, and whether it is worth it. */
export interface CleanableRange {
  /** Where what was never cleaned begins. */
  readonly firstDirtyOffset: number;
  /** Where what cannot be cleaned yet begins; a segment begins there. */
  readonly firstUncleanableOffset: number;
  /** Bytes between the two. */
  readonly dirtyBytes: number;
  /** The share that those bytes have of all up to `firstUncleanableOffset`. */
  readonly dirtyRatio: number;
  /** Whether the log wants a cleaning: more is dirty than `min.cleanable.dirty.ratio`, or something longer than `max.compaction.lag.ms`. */
  readonly isDue: boolean;
}

/**
 * What of a log can be cleaned (Kafka's LogCleanerManager): from where the last cleaning came to, to the first segment that is
 * active, reaches above the last stable offset, or is younger than `min.compaction.lag.ms`.
 * @param checkpoint where the last cleaning came to; undefined when there was none
 * @param segments all of the log, the active one last
 */
export function cleanableRange(
  segments: readonly CleanableSegment[],
  config: LogConfig,
  at: {
    readonly nowMs: number;
    readonly startOffset: number;
    readonly endOffset: number;
    readonly stableOffset: number;
    readonly checkpoint: number | undefined;
  },
): CleanableRange {
  const checkpoint = at.checkpoint ?? at.startOffset;
  const isPlausible = checkpoint >= at.startOffset && checkpoint <= at.endOffset;
  const firstDirtyOffset = isPlausible ? checkpoint : at.startOffset;
  const end = firstUncleanable(segments, config, { ...at, firstDirtyOffset });
  let cleanBytes = 0;
  let dirtyBytes = 0;
  let isOverdue = false;
  for (let index = 0; index < end; index++) {
    const segment = segments[index]!;
    if (segments[index + 1]!.baseOffset <= firstDirtyOffset) cleanBytes += segment.sizeBytes;
    else {
      dirtyBytes += segment.sizeBytes;
      isOverdue ||= isTooOld(segment, at.nowMs - config.maxCompactionLagMs);
    }
  }
  const dirtyRatio = dirtyBytes === 0 ? 0 : dirtyBytes / (cleanBytes + dirtyBytes);
  const isDue = dirtyBytes > 0 && (isOverdue || dirtyRatio > config.minCleanableDirtyRatio);
  const firstUncleanableOffset = Math.max(segments[end]!.baseOffset, firstDirtyOffset);
  return { firstDirtyOffset, firstUncleanableOffset, dirtyBytes, dirtyRatio, isDue };
}

/** Position of the first segment that cannot be cleaned; the active one at the latest. */
function firstUncleanable(
  segments: readonly CleanableSegment[],
  config: LogConfig,
  at: { readonly nowMs: number; readonly stableOffset: number; readonly firstDirtyOffset: number },
): number {
  const active = segments.length - 1;
  for (let index = 0; index < active; index++) {
    const endOffset = segments[index + 1]!.baseOffset;
    if (endOffset > at.stableOffset) return index;
    if (config.minCompactionLagMs <= 0 || endOffset <= at.firstDirtyOffset) continue;
    if (segments[index]!.largestTimestampMs() > at.nowMs - config.minCompactionLagMs) return index;
  }
  return active;
}

/** Without `max.compaction.lag.ms` the bound is far below any time, and nothing is read for it. */
function isTooOld(segment: CleanableSegment, beforeMs: number): boolean {
  if (beforeMs <= 0) return false;
  const firstMs = segment.firstTimestampMs();
  return firstMs > 0 && firstMs < beforeMs;
}
