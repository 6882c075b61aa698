import * as layout from '../../../records/batch-layout.ts';
import type { ChunkFacts } from './validator.ts';

/**
 * Gives the batches of a checked chunk their offsets from `firstOffset` on, and the leader's epoch, in place.
 * @param appendTimeMs the time to put on every record; -1 leaves the producer's
 */
export function stampChunk(
  records: Buffer,
  facts: ChunkFacts,
  firstOffset: number,
  leaderEpoch: number,
  appendTimeMs: number,
): void {
  let offset = firstOffset;
  for (let at = 0; at < records.length; at += layout.sizeOf(records, at)) {
    layout.stampBatch(records, at, offset, leaderEpoch);
    if (appendTimeMs >= 0) layout.stampAppendTime(records, at, appendTimeMs);
    offset += layout.lastOffsetDeltaOf(records, at) + 1;
  }
  facts.firstOffset = firstOffset;
  facts.lastOffset = offset - 1;
  if (appendTimeMs >= 0) facts.maxTimestampMs = appendTimeMs;
}
