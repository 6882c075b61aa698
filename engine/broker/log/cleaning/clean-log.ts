import type { LogState } from '../log-state.ts';
import { snapshotPath } from '../producers/producer-snapshot.ts';
import { offsetFileName } from '../segment/log-files.ts';
import { Segment } from '../segment/segment.ts';
import { BatchFilter } from './batch-filter.ts';
import { BatchWalk } from './batch-walk.ts';
import type { CleanableRange } from './cleanable-range.ts';
import { CleanedTransactions } from './cleaned-transactions.ts';
import type { CleaningResult, CleaningTools } from './cleaning-tools.ts';
import { CleaningAborted } from './cleaning-tools.ts';
import { GroupWriter } from './group-writer.ts';
import { KeyMapper } from './key-mapper.ts';
import { lastOfProducers } from './last-of-producers.ts';
import { OffsetMap } from './offset-map.ts';
import { groupSegments } from './segment-groups.ts';
import { finishSwaps, isSwapDecided, swapIn } from './swap.ts';

/**
 * Compacts one log, once: notes the latest offset of each key in its dirty part, as far as the map has room, then writes every
 * segment up to there anew without what is superseded, some of them together, and swaps them in. What is written to the log
 * meanwhile is not touched; whatever takes records away from it ends the cleaning.
 */
export class LogCleaning {
  readonly #state: LogState;
  readonly #range: CleanableRange;
  readonly #tools: CleaningTools;
  readonly #walk: BatchWalk;
  readonly #removals: number;

  constructor(state: LogState, range: CleanableRange, tools: CleaningTools) {
    this.#state = state;
    this.#range = range;
    this.#tools = tools;
    this.#removals = state.segments.removals;
    const check = () => this.#check();
    const touch = (segment: Segment) => state.segments.touch(segment);
    this.#walk = new BatchWalk(tools, state.config, { check, touch });
  }

  /** @throws CleaningAborted, or MillraceError: `LOG_DAMAGED` at a batch that cannot be read, what the disk fails with */
  async run(): Promise<CleaningResult> {
    const { map, isMapFull } = await this.#mapKeys();
    const endOffset = map.latestOffset + 1;
    const { all } = this.#state.segments;
    const toClean = all.filter(({ baseOffset }) => baseOffset < endOffset);
    const end = all[toClean.length]!.baseOffset;
    const nowMs = this.#state.options.clock.now();
    const aborted = this.#state.segments.abortedBetween(toClean[0]!.baseOffset, end);
    const transactions = new CleanedTransactions(aborted);
    let bytesBefore = 0;
    let bytesAfter = 0;
    for (const group of groupSegments(toClean, end, this.#state.config)) {
      const filter = new BatchFilter({
        map,
        hash: this.#tools.hash,
        transactions,
        lastOfProducers: lastOfProducers(this.#state.producers.entries),
        nowMs,
        deleteRetentionMs: this.#state.config.deleteRetentionMs,
      });
      for (const { sizeBytes } of group) bytesBefore += sizeBytes;
      bytesAfter += await this.#cleanGroup(group, filter, transactions);
    }
    return { endOffset, bytesBefore, bytesAfter, isMapFull };
  }

  /** The keys of the dirty part, up to where the map is full. */
  async #mapKeys(): Promise<{ map: OffsetMap; isMapFull: boolean }> {
    const { firstDirtyOffset, firstUncleanableOffset } = this.#range;
    const { dedupeBytesMax, loadFactor, hash } = this.#tools;
    const { segments } = this.#state;
    const map = new OffsetMap(dedupeBytesMax, loadFactor, firstUncleanableOffset - firstDirtyOffset);
    const transactions = new CleanedTransactions(segments.abortedBetween(firstDirtyOffset, firstUncleanableOffset));
    const mapper = new KeyMapper({ map, hash, transactions, firstDirtyOffset });
    const first = segments.indexOf(firstDirtyOffset);
    for (let index = first; segments.all[index]!.baseOffset < firstUncleanableOffset; index++) {
      const segment = segments.all[index]!;
      const position = index === first ? (segment.find(firstDirtyOffset)?.position ?? segment.sizeBytes) : 0;
      if (!(await this.#walk.run(segment, position, mapper))) return { map, isMapFull: true };
      // Compaction may have left a gap at its end.
      map.latestOffset = segments.endOf(index) - 1;
    }
    return { map, isMapFull: false };
  }

  /** Writes the segments of a group as one and swaps it in; returns its size in bytes. */
  async #cleanGroup(
    group: readonly Segment[],
    filter: BatchFilter,
    transactions: CleanedTransactions,
  ): Promise<number> {
    const { segments, options, config } = this.#state;
    const { disk, folder, files } = options;
    const { baseOffset } = group[0]!;
    const last = group.at(-1)!;
    const endOffset = segments.endOf(segments.all.indexOf(last));
    const { createdMs } = last;
    const place = { disk, folder, files, baseOffset, config, createdMs };
    this.#removeLeftovers(baseOffset);
    const cleaned = Segment.create({ ...place, endOffset: baseOffset, suffix: '.cleaned' });
    transactions.index = cleaned.aborted;
    try {
      const writer = new GroupWriter({ filter, config, endOffset, into: cleaned, tools: this.#tools });
      for (const segment of group) await this.#walk.run(segment, 0, writer);
      writer.flush();
      await cleaned.finishInBackground();
      this.#check();
      cleaned.release();
    } catch (error) {
      cleaned.abandon();
      this.#removeLeftovers(baseOffset);
      throw error;
    }
    this.#swap(group, { ...place, endOffset, hasAborted: !cleaned.aborted.isUnborn });
    await this.#removeOld(group);
    return cleaned.sizeBytes;
  }

  #swap(group: readonly Segment[], options: Parameters<typeof Segment.load>[0]): void {
    const { disk, folder } = this.#state.options;
    for (const segment of group) segment.abandon();
    const offsets = group.map(({ baseOffset }) => baseOffset);
    try {
      swapIn(disk, folder, options.baseOffset, offsets);
    } catch (error) {
      // Where it is decided it has to come to its end, or the log would speak of files that are gone.
      if (!isSwapDecided(disk, folder, options.baseOffset)) throw error;
      finishSwaps(disk, folder, disk.list(folder));
    }
    this.#state.segments.replace(group, Segment.load({ ...options, isSynced: true }));
    for (const offset of offsets.slice(1)) disk.remove(snapshotPath(folder, offset));
  }

  /** Removes the old files in pieces: a file system takes long to free a large one at once. */
  async #removeOld(group: readonly Segment[]): Promise<void> {
    const { disk, folder } = this.#state.options;
    for (const { baseOffset } of group) {
      const path = `${folder}/${offsetFileName(baseOffset, 'log')}.deleted`;
      const file = disk.open(path);
      try {
        for (let size = file.size - pieceBytes; size > 0; size -= pieceBytes) {
          file.truncate(size);
          await this.#tools.pace(0);
          this.#check();
        }
      } finally {
        file.close();
        disk.remove(path);
      }
    }
  }

  #removeLeftovers(baseOffset: number): void {
    const { disk, folder } = this.#state.options;
    for (const kind of ['log', 'index', 'timeindex', 'txnindex'] as const)
      disk.remove(`${folder}/${offsetFileName(baseOffset, kind)}.cleaned`);
  }

  #check(): void {
    if (this.#state.segments.removals !== this.#removals) throw new CleaningAborted('the log changed');
  }
}

/** Bytes of an old file that are freed at a time. */
const pieceBytes = 64 * 1024 * 1024;
