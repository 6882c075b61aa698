import { batchHeaderBytes, int32Max } from '../../../records/batch-layout.ts';
import type { LogConfig } from '../log-config.ts';
import type { Segment } from '../segment/segment.ts';
import { timeEntryBytes } from '../segment/time-index.ts';

/**
 * Segments in groups that fit one segment and its indexes together, in order: cleaned segments would get ever smaller
 * otherwise. Sizes are those before cleaning.
 * @param endOffset offset after the last of them
 */
export function groupSegments(segments: readonly Segment[], endOffset: number, config: LogConfig): Segment[][] {
  const groups: Segment[][] = [];
  let bytes = 0;
  for (const [index, segment] of segments.entries()) {
    const group = groups.at(-1);
    const end = segments[index + 1]?.baseOffset ?? endOffset;
    const fits =
      group !== undefined &&
      bytes + segment.sizeBytes <= config.segmentBytes &&
      indexBytesMax(bytes + segment.sizeBytes, config) <= config.segmentIndexBytes &&
      end - 1 - group[0]!.baseOffset <= int32Max;
    bytes = fits ? bytes + segment.sizeBytes : segment.sizeBytes;
    if (fits) group.push(segment);
    else groups.push([segment]);
  }
  return groups;
}

/** Largest size of an index of so much log: an entry for each batch where each is larger than the interval. */
function indexBytesMax(bytes: number, config: LogConfig): number {
  return Math.ceil(bytes / Math.max(config.indexIntervalBytes, batchHeaderBytes)) * timeEntryBytes;
}
