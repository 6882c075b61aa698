/** One partition while the newest messages of a topic are looked for: the offsets below `from` are not read yet. */
export interface PartitionWindow {
  readonly partition: number;
  readonly start: number;
  readonly end: number;
  /** First offset that was read; `end` when none was. */
  readonly from: number;
  /** Time of the oldest message that was read; undefined when none was. */
  readonly oldestTimestampMs: number | undefined;
}

/** Offsets to read next in one partition: `from` up to (not including) `to`. */
export interface WantedRange {
  readonly partition: number;
  readonly from: number;
  readonly to: number;
}

/** Offsets read from a partition at first, so that a topic of many partitions does not cost `limit` times as much. */
const firstChunk = 16;

/**
 * What to read next to know the `limit` newest messages over all partitions; empty when they are known. A partition is read
 * further back while what it has not shown yet might be newer than the oldest message of the page, given that time grows with
 * the offset inside a partition (where producers set times themselves, the page is newest by what was read). `found` counts the
 * messages read; `pageTimestampMs` is the time of the page's last one, undefined while the page is not full.
 */
export function rangesForNewest(
  windows: readonly PartitionWindow[],
  limit: number,
  pageTimestampMs: number | undefined,
): WantedRange[] {
  const open = windows.filter(({ from, start }) => from > start);
  const chunk = Math.max(firstChunk, Math.ceil(limit / Math.max(1, windows.length)));
  return open
    .filter(
      ({ oldestTimestampMs }) =>
        oldestTimestampMs === undefined || pageTimestampMs === undefined || oldestTimestampMs > pageTimestampMs,
    )
    .map(({ partition, start, end, from }) => {
      const readSoFar = end - from;
      // Doubles with every pass: the number of passes stays small when one partition holds all of the newest.
      return { partition, from: Math.max(start, from - Math.max(chunk, readSoFar)), to: from };
    });
}

/** Newest first: by time, then by offset, then by partition. */
export function newestFirst(
  a: { readonly timestampMs: number; readonly offset: number; readonly partition: number },
  b: { readonly timestampMs: number; readonly offset: number; readonly partition: number },
): number {
  return b.timestampMs - a.timestampMs || b.offset - a.offset || a.partition - b.partition;
}
