import { assert } from '../../base/assert.ts';

/** Where an epoch begins in the log. */
export interface EpochStart {
  readonly epoch: number;
  readonly startOffset: number;
}

/** Names a snapshot: it holds everything before `offset`; `epoch` is that of the last record it holds (KIP-630). */
export interface SnapshotId {
  readonly offset: number;
  readonly epoch: number;
}

/** The end of an epoch in a log, as fetch answers tell it. */
export interface EpochEnd {
  readonly epoch: number;
  readonly endOffset: number;
}

/**
 * The shape of the metadata log; its records stay outside. Invariant:
 * startOffset <= durableOffset <= endOffset, `epochs` ascend in both fields, and a log that starts at a snapshot has the
 * snapshot's epoch as its first entry.
 */
export interface LogView {
  readonly startOffset: number;
  /** One past the last record. */
  readonly endOffset: number;
  /** Everything before it is fsynced. */
  readonly durableOffset: number;
  readonly epochs: readonly EpochStart[];
  /** The newest snapshot on disk. */
  readonly snapshot: SnapshotId | undefined;
  /** Counts truncations, so that the news of an fsync begun before one is known to be stale. */
  readonly truncations: number;
}

/** A log without records. */
export const emptyLog: LogView = {
  startOffset: 0,
  endOffset: 0,
  durableOffset: 0,
  epochs: [],
  snapshot: undefined,
  truncations: 0,
};

/** Epoch of the last record, 0 for an empty log. */
export function lastEpoch(log: LogView): number {
  return log.epochs.at(-1)?.epoch ?? 0;
}

/** The largest epoch <= `epoch` and where it ends (KIP-279). `{ 0, startOffset }` when the log knows none. */
export function endOffsetForEpoch(log: LogView, epoch: number): EpochEnd {
  const index = log.epochs.findLastIndex((entry) => entry.epoch <= epoch);
  const entry = log.epochs[index];
  if (!entry) return { epoch: 0, endOffset: log.startOffset };
  return { epoch: entry.epoch, endOffset: log.epochs[index + 1]?.startOffset ?? log.endOffset };
}

/** Epoch of the record before `offset`. `offset` must lie in [startOffset, endOffset]. */
export function epochBefore(log: LogView, offset: number): number {
  return log.epochs.findLast((entry) => entry.startOffset < offset)?.epoch ?? log.epochs[0]?.epoch ?? 0;
}

/** The log with records appended up to `endOffset`; `epochs` are those that begin within them. */
export function withAppended(log: LogView, endOffset: number, epochs: readonly EpochStart[]): LogView {
  assert(endOffset >= log.endOffset, `append ends at ${endOffset}, before the log's end ${log.endOffset}`);
  const known = lastEpoch(log);
  const fresh = epochs.filter((entry) => entry.epoch > known || log.epochs.length === 0);
  return { ...log, endOffset, epochs: fresh.length ? [...log.epochs, ...fresh] : log.epochs };
}

/** The log cut back so that it ends at `offset`. */
export function withTruncated(log: LogView, offset: number): LogView {
  assert(offset >= log.startOffset, `truncation to ${offset}, before the log's start ${log.startOffset}`);
  const first = log.snapshot && log.startOffset > 0 ? 1 : 0;
  return {
    ...log,
    endOffset: offset,
    durableOffset: Math.min(log.durableOffset, offset),
    epochs: log.epochs.filter((entry, index) => index < first || entry.startOffset < offset),
    truncations: log.truncations + 1,
  };
}

/** The log that begins at a snapshot; keeps the records after it, drops those before. */
export function withStartAt(log: LogView, snapshot: SnapshotId): LogView {
  const later = log.epochs.filter((entry) => entry.epoch > snapshot.epoch);
  return {
    ...log,
    startOffset: snapshot.offset,
    epochs: [{ epoch: snapshot.epoch, startOffset: snapshot.offset }, ...later],
    snapshot,
  };
}

/** An empty log right behind a snapshot that came from the leader. */
export function emptyLogAfter(log: LogView, snapshot: SnapshotId): LogView {
  return {
    startOffset: snapshot.offset,
    endOffset: snapshot.offset,
    durableOffset: snapshot.offset,
    epochs: [{ epoch: snapshot.epoch, startOffset: snapshot.offset }],
    snapshot,
    truncations: log.truncations + 1,
  };
}
