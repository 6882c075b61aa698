import type { Disk } from '../../base/disk.ts';
import type { EpochCache } from './epoch-cache.ts';
import { snapshotOffsets, writeSnapshot } from './producers/producer-snapshot.ts';
import type { ProducerState } from './producers/producer-state.ts';
import type { SegmentChain } from './segment-chain.ts';

/** The parts of a log whose files are made durable. */
export interface DurableParts {
  readonly disk: Disk;
  readonly folder: string;
  readonly segments: SegmentChain;
  readonly epochs: EpochCache;
  readonly producers: ProducerState;
}

/** What of one log is on the disk for sure, and what has to be done for more. */
export class Durability {
  readonly #parts: DurableParts;
  #recoveryPoint: number;
  /** Counts cuts, so that a flush that was under way does not vouch for bytes that were cut and written anew. */
  #cuts = 0;
  #syncFailure: unknown;

  constructor(parts: DurableParts, recoveryPoint: number) {
    this.#parts = parts;
    this.#recoveryPoint = recoveryPoint;
  }

  /** Offset below which everything has been synced. */
  get recoveryPoint(): number {
    return this.#recoveryPoint;
  }

  /** The log was cut and ends at `endOffset`. */
  cut(endOffset: number): void {
    this.#cuts++;
    this.#recoveryPoint = Math.min(this.#recoveryPoint, endOffset);
  }

  /** The log was emptied and begins at `offset`. */
  startedAnew(offset: number): void {
    this.#cuts++;
    this.#recoveryPoint = offset;
  }

  /**
   * Makes everything below `endOffset`, the log's end, durable. Rejects with `DISK_SYNC_FAILED`, and from then on always: the
   * system may have dropped the bytes of a failed sync, so a later success would prove nothing.
   */
  async flush(endOffset: number): Promise<void> {
    if (this.#syncFailure !== undefined) throw this.#syncFailure;
    const cuts = this.#cuts;
    const { segments, epochs } = this.#parts;
    if (!this.#isSmall) epochs.save(endOffset);
    const unsynced = segments.all.filter(
      (segment, at) => segment === segments.active || segments.endOf(at) > this.#recoveryPoint,
    );
    try {
      await Promise.all(unsynced.map((segment) => segment.sync()));
    } catch (error) {
      this.#syncFailure = error;
      throw error;
    }
    if (cuts === this.#cuts) this.#recoveryPoint = Math.max(this.#recoveryPoint, endOffset);
  }

  /**
   * The log is one segment of a few batches, with no file beside it: its indexes, epochs and producers are found by the scan
   * of the next start, which costs less than three files that have to be synced. Thousands of partitions may be like that.
   */
  get #isSmall(): boolean {
    const { segments, epochs } = this.#parts;
    return segments.all.length === 1 && segments.active.isUnindexed && !epochs.isSaved;
  }

  /**
   * Writes and syncs, blocking, all that a log that is closed at `endOffset` leaves behind. Only what has changed is written: a
   * broker of thousands of partitions stops as fast as the few that were written to. False when what is in memory beside the
   * records need not be kept. Throws what an earlier sync failed with, or this one.
   */
  settle(endOffset: number): boolean {
    if (this.#syncFailure !== undefined) throw this.#syncFailure;
    const { disk, folder, segments, epochs, producers } = this.#parts;
    for (const segment of segments.all) segment.syncNow();
    if (this.#isSmall) return false;
    segments.active.finish();
    epochs.save(endOffset);
    const isEmpty = producers.entries.size === 0 && segments.sizeBytes === 0;
    if (isEmpty || snapshotOffsets(disk.list(folder)).includes(endOffset)) return true;
    writeSnapshot(disk, folder, endOffset, producers.entries.values());
    return true;
  }
}
