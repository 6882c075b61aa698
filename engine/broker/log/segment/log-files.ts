/** Kinds of file that belong to a segment; `txnindex` lists aborted transactions. */
export type SegmentFileKind = 'log' | 'index' | 'timeindex' | 'txnindex' | 'snapshot';

/** The files of a segment, the log itself last. */
export const segmentFileKinds = ['index', 'timeindex', 'txnindex', 'log'] as const;

/**
 * What Kafka appends to the names of a segment's files: `.cleaned` while compaction writes it, `.swap` while it takes the place
 * of others, `.deleted` while it waits for its removal.
 */
export type SegmentSuffix = '' | '.cleaned' | '.swap' | '.deleted';

/** Kafka's name for a file of the segment (or snapshot) at `offset`: 20 digits. */
export function offsetFileName(offset: number, kind: SegmentFileKind): string {
  return `${String(offset).padStart(20, '0')}.${kind}`;
}

/** Base offsets of the `.log` files in `names`, ascending. */
export function segmentOffsets(names: readonly string[]): number[] {
  return names
    .filter((name) => /^\d{20}\.log$/.test(name))
    .map((name) => Number(name.slice(0, 20)))
    .sort((a, b) => a - b);
}

/** What a crash or an interrupted delete may leave: Kafka's own suffixes for files that are not (or no longer) part of the log. */
export function isLeftover(name: string): boolean {
  return /\.(deleted|cleaned|swap|tmp)$/.test(name);
}
