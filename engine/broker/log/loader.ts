import type { Disk } from '../../base/disk.ts';
import type { BatchFault } from '../../records/batch-layout.ts';
import * as layout from '../../records/batch-layout.ts';
import { finishSwaps } from './cleaning/swap.ts';
import { EpochCache, epochFileName } from './epoch-cache.ts';
import type { LogConfig } from './log-config.ts';
import type { OpenFiles } from './open-files.ts';
import { loadProducers } from './producers/producer-loader.ts';
import { snapshotOffsets } from './producers/producer-snapshot.ts';
import { ProducerState } from './producers/producer-state.ts';
import { isLeftover, offsetFileName, segmentOffsets } from './segment/log-files.ts';
import { Segment } from './segment/segment.ts';
import { SegmentChain } from './segment-chain.ts';
import { readStartOffset, startOffsetFileName, writeStartOffset } from './start-offset-file.ts';

export interface LoadOptions {
  readonly disk: Disk;
  readonly folder: string;
  readonly config: LogConfig;
  /** Whether the log was closed in order: then only the end of the active segment is looked at. */
  readonly cleanShutdown: boolean;
  /** Offset below which everything is known to be on the disk; segments that end there are not looked at after a crash. */
  readonly recoveryPoint: number;
  readonly nowMs: number;
  readonly files?: OpenFiles | undefined;
}

/** Where and why the log was cut. */
export interface LogDamage {
  /** `gap`: the batch does not follow the one before it. */
  readonly fault: BatchFault | 'gap';
  readonly segmentBaseOffset: number;
  readonly position: number;
  readonly lostBytes: number;
  /** Later segments, which went with it. */
  readonly removedSegments: number;
}

/** A folder, read and repaired: all that a PartitionLog is made of. */
export interface LoadedLog {
  readonly segments: SegmentChain;
  readonly startOffset: number;
  readonly endOffset: number;
  readonly epochs: EpochCache;
  readonly producers: ProducerState;
  readonly damage: LogDamage | undefined;
}

/**
 * Reads the folder of a partition, made when it is missing. Cuts the log at the first batch that is torn, damaged or out
 * of place and removes what follows; rebuilds indexes, leader epochs and producer state where they are missing or older.
 */
export function loadLog(options: LoadOptions): LoadedLog {
  const { disk, folder } = options;
  const names = finishSwaps(disk, folder, disk.list(folder));
  if (names.length === 0) disk.makeFolder(folder);
  const storedStart = names.includes(startOffsetFileName) ? readStartOffset(disk, folder) : 0;
  const { segments, isNew } = loadSegments(options, names, storedStart);
  const epochs = new EpochCache(disk, folder);
  const hasEpochs = epochs.load(names.includes(epochFileName));
  const damage = isNew ? undefined : recoverSegments(options, segments, epochs);
  if (!hasEpochs) collectEpochs(segments, epochs);
  const endOffset = Math.max(segments.active.endOffset, segments.active.baseOffset);
  const startOffset = Math.min(Math.max(segments.first.baseOffset, storedStart), endOffset);
  if (storedStart > endOffset) writeStartOffset(disk, folder, endOffset); // a crash took records that had been deleted
  epochs.truncateFromEnd(endOffset);
  epochs.truncateFromStart(startOffset);
  segments.active.aborted.truncateTo(endOffset); // of what a crash took
  const producers = new ProducerState();
  loadProducers({ disk, folder, segments, snapshots: snapshotOffsets(names) }, endOffset, producers);
  return { segments, startOffset, endOffset, epochs, producers, damage };
}

function loadSegments(
  options: LoadOptions,
  names: readonly string[],
  startOffset: number,
): { segments: SegmentChain; isNew: boolean } {
  const { disk, folder, config, nowMs, cleanShutdown, recoveryPoint, files } = options;
  for (const name of names) if (isLeftover(name)) disk.remove(`${folder}/${name}`);
  const bases = segmentOffsets(names);
  const known = new Set(bases);
  for (const name of names) {
    if (/^\d{20}\.(index|timeindex|txnindex)$/.test(name) && !known.has(Number(name.slice(0, 20))))
      disk.remove(`${folder}/${name}`);
  }
  const shared = { disk, folder, config, createdMs: nowMs, files };
  if (!bases.length) {
    const first = { ...shared, baseOffset: startOffset, endOffset: startOffset };
    // Without a file the log begins at 0 again: one that begins elsewhere needs its file to say so.
    const only = startOffset === 0 ? Segment.begin(first) : Segment.create(first);
    return { segments: new SegmentChain([only], options), isNew: true };
  }
  const loaded = bases.map((baseOffset, at) => {
    const endOffset = bases[at + 1] ?? Number.MAX_SAFE_INTEGER;
    const isSynced = cleanShutdown || endOffset <= recoveryPoint;
    const isActive = at === bases.length - 1;
    const isUnindexed = isActive && !hasIndexes(names, baseOffset);
    const hasAborted = names.includes(offsetFileName(baseOffset, 'txnindex'));
    return Segment.load({ ...shared, baseOffset, endOffset, isSynced, isActive, isUnindexed, hasAborted });
  });
  return { segments: new SegmentChain(loaded, options), isNew: false };
}

function hasIndexes(names: readonly string[], baseOffset: number): boolean {
  return (['index', 'timeindex'] as const).some((kind) => names.includes(offsetFileName(baseOffset, kind)));
}

function recoverSegments(options: LoadOptions, segments: SegmentChain, epochs: EpochCache): LogDamage | undefined {
  let expected = segments.first.baseOffset;
  for (let index = 0; index < segments.all.length; index++) {
    const segment = segments.all[index]!;
    const isActive = segment === segments.active;
    // Compaction leaves gaps too, but not behind a segment that has just been looked through: what is compacted is synced.
    if (segment.baseOffset !== expected) return removeFrom(segments, index);
    const isTrusted = options.cleanShutdown || (!isActive && segments.endOf(index) <= options.recoveryPoint);
    if (!isActive && isTrusted) {
      expected = segments.endOf(index);
      continue;
    }
    const damage = recoverSegment(options, segments, index, { expected, isTrusted }, epochs);
    if (damage) return damage;
    expected = segment.endOffset;
  }
  return undefined;
}

/** The end of the segment before `index` is lost (files are synced on their own): what comes after it cannot stay. */
function removeFrom(segments: SegmentChain, index: number): LogDamage {
  const { baseOffset } = segments.all[index]!;
  const lostBytes = segments.all[index]!.sizeBytes;
  const removedSegments = segments.all.length - index;
  segments.removeAfter(index - 1);
  return { fault: 'gap', segmentBaseOffset: baseOffset, position: 0, lostBytes, removedSegments };
}

function recoverSegment(
  options: LoadOptions,
  segments: SegmentChain,
  index: number,
  known: { readonly expected: number; readonly isTrusted: boolean },
  epochs: EpochCache,
): LogDamage | undefined {
  const segment = segments.all[index]!;
  const sizeBytes = segment.sizeBytes;
  let expected = known.expected;
  let isFirst = known.isTrusted; // a tail begins anywhere
  let isGap = false;
  const accepts = (buffer: Buffer, at: number): boolean => {
    const baseOffset = layout.baseOffsetOf(buffer, at);
    const follows = baseOffset === expected || (baseOffset > expected && (isFirst || options.config.isCompacted));
    isGap ||= !follows || baseOffset < segment.baseOffset;
    isFirst = false;
    if (isGap) return false;
    expected = layout.lastOffsetOf(buffer, at) + 1;
    epochs.assign(layout.leaderEpochOf(buffer, at), baseOffset);
    return true;
  };
  const scan = known.isTrusted ? segment.checkTail(accepts) : segment.recover(accepts);
  const fault = scan.fault ?? (isGap ? 'gap' : undefined);
  if (fault) {
    segment.cutTo(scan.endPosition);
    const removedSegments = segments.all.length - 1 - index;
    segments.removeAfter(index);
    return {
      fault,
      segmentBaseOffset: segment.baseOffset,
      position: scan.endPosition,
      lostBytes: sizeBytes - scan.endPosition,
      removedSegments,
    };
  }
  if (segment !== segments.active) {
    segment.finish();
    segment.release();
  }
  return undefined;
}

/** The epoch file is missing or unreadable: the batches know. */
function collectEpochs(segments: SegmentChain, epochs: EpochCache): void {
  epochs.clear();
  for (const segment of segments.all) {
    segment.scan(0, false, (buffer, at) => {
      epochs.assign(layout.leaderEpochOf(buffer, at), layout.baseOffsetOf(buffer, at));
      return true;
    });
    if (segment !== segments.active) segment.release();
  }
}
