import type { Disk } from '../../../base/disk.ts';
import * as layout from '../../../records/batch-layout.ts';
import type { SegmentChain } from '../segment-chain.ts';
import { applyBatch } from './apply-batch.ts';
import type { ProducerBatch } from './producer-entry.ts';
import { batchAt } from './producer-entry.ts';
import { decodeSnapshot, snapshotPath } from './producer-snapshot.ts';
import type { ProducerState } from './producer-state.ts';

/**
 * Bytes of log before a snapshot that are read again for the older batches of its producers: a snapshot in Kafka's format
 * holds one batch of each, a retry in flight may be of any of the last five.
 */
const deepenBytesMax = 4 * 1024 * 1024;

/** A log whose producers are loaded. */
export interface ProducersOf {
  readonly disk: Disk;
  readonly folder: string;
  readonly segments: SegmentChain;
  /** Offsets of the snapshots in the folder, ascending. */
  readonly snapshots: readonly number[];
}

/**
 * Makes `state` what the batches in [start of the log, `endOffset`) imply: the newest sound snapshot at or below
 * `endOffset`, then every batch after it. Snapshots beyond `endOffset` or damaged are removed, and those in between that
 * belong to no segment. Aborted transactions that are found are put into the indexes of their segments.
 */
export function loadProducers(log: ProducersOf, endOffset: number, state: ProducerState): void {
  const { segments } = log;
  const from = loadSnapshot(log, endOffset, state);
  for (let index = segments.indexOf(from); index < segments.all.length; index++) {
    const segment = segments.all[index]!;
    const position = from <= segment.baseOffset ? 0 : segment.find(from)?.position;
    if (position === undefined) continue;
    segment.scan(position, false, (buffer, at) => {
      if (layout.baseOffsetOf(buffer, at) >= from) applyBatch(state, segment, buffer, at);
      return true;
    });
    segments.touch(segment);
  }
  state.advanceTo(endOffset);
}

/** Loads the newest sound snapshot into `state`; returns the offset from which batches must be replayed. */
function loadSnapshot({ disk, folder, segments, snapshots }: ProducersOf, endOffset: number, state: ProducerState) {
  const bases = new Set(segments.all.map((segment) => segment.baseOffset));
  let used: number | undefined;
  for (const offset of snapshots.toReversed()) {
    const path = snapshotPath(folder, offset);
    const isNeeded = offset <= endOffset && (used === undefined || bases.has(offset));
    const bytes = isNeeded && used === undefined ? disk.readFile(path) : undefined;
    const entries = bytes && decodeSnapshot(bytes);
    if (!isNeeded || (used === undefined && !entries)) disk.remove(path);
    if (used !== undefined || !entries) continue;
    used = offset;
    state.reset(offset, entries);
    if (entries.length) deepen(segments, offset, state);
  }
  if (used === undefined) state.reset(segments.first.baseOffset);
  return Math.max(used ?? 0, segments.first.baseOffset);
}

function deepen(segments: SegmentChain, offset: number, state: ProducerState): void {
  const found = new Map<string, ProducerBatch[]>();
  const lastIndex = segments.indexOf(Math.max(offset - 1, 0));
  const first = firstToDeepen(segments, lastIndex, offset);
  for (let index = first.index; index <= lastIndex; index++) {
    const segment = segments.all[index]!;
    segment.scan(index === first.index ? first.position : 0, false, (buffer, at) => {
      if (layout.baseOffsetOf(buffer, at) >= offset) return false;
      const producerId = layout.producerIdOf(buffer, at);
      if (producerId < 0 || layout.attributesOf(buffer, at) & layout.attribute.control) return true;
      const key = `${producerId} ${layout.producerEpochOf(buffer, at)}`;
      const batches = found.get(key);
      if (batches) batches.push(batchAt(buffer, at));
      else found.set(key, [batchAt(buffer, at)]);
      return true;
    });
    if (segment !== segments.active) segments.touch(segment);
  }
  for (const entry of state.entries.values())
    state.deepen(entry.producerId, entry.epoch, found.get(`${entry.producerId} ${entry.epoch}`) ?? []);
}

/** Where the last `deepenBytesMax` bytes before `offset` begin: a segment and a batch boundary in it. */
function firstToDeepen(segments: SegmentChain, lastIndex: number, offset: number): { index: number; position: number } {
  const last = segments.all[lastIndex]!;
  let bytes = last.find(offset)?.position ?? last.sizeBytes;
  let index = lastIndex;
  while (bytes < deepenBytesMax && index > 0) bytes += segments.all[--index]!.sizeBytes;
  return { index, position: segments.all[index]!.boundaryBefore(Math.max(bytes - deepenBytesMax, 0)) };
}
