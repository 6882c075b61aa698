import * as layout from '../../../records/batch-layout.ts';
import type { CleanedTransactions } from './cleaned-transactions.ts';
import type { KeyHash } from './key-hash.ts';
import type { OffsetMap } from './offset-map.ts';
import { RecordCursor } from './record-cursor.ts';

/** What is known of the last thing that an idempotent producer wrote: a log must keep it to know the producer's next. */
export interface LastOfProducer {
  readonly epoch: number;
  /** Last offset of its last batch with records; -1 when only a marker is known. */
  readonly lastDataOffset: number;
}

/** What a batch comes to: it stays as it is, goes, stays without records (for its offsets and sequence), or with some of them. */
export type BatchVerdict = 'whole' | 'gone' | 'empty' | 'part';

export interface BatchFilterOptions {
  readonly map: OffsetMap;
  readonly hash: KeyHash;
  readonly transactions: CleanedTransactions;
  readonly lastOfProducers: ReadonlyMap<number, LastOfProducer>;
  readonly nowMs: number;
  /** Milliseconds from the first cleaning that finds nothing older of its key for which a tombstone, or marker, stays. */
  readonly deleteRetentionMs: number;
}

/** Latest horizon that is written, in ms: beyond it a number would not hold the timestamps that count from it. About the year 73,000. */
const horizonMsMax = 2 ** 51;

/** Where tombstones of a batch may go, in ms; undefined when no cleaning has set it (KIP-534). */
export function deleteHorizonOf(batch: Buffer): number | undefined {
  return layout.attributesOf(batch, 0) & layout.attribute.deleteHorizon ? layout.baseTimestampOf(batch, 0) : undefined;
}

/**
 * Decides record by record what a cleaning keeps (Kafka's Cleaner and RecordFilter): the latest record of each key, tombstones
 * and markers up to their horizon, nothing of aborted transactions. One object serves a whole cleaning; fields speak of the
 * batch that was judged last.
 */
export class BatchFilter {
  /** 1 for each record that stays. */
  keeps = new Uint8Array(1024);
  kept = 0;
  /** The horizon that the batch gets, or has; undefined when it has none. */
  horizonMs: number | undefined;
  readonly #options: BatchFilterOptions;
  readonly #cursor = new RecordCursor();

  constructor(options: BatchFilterOptions) {
    this.#options = options;
  }

  /** Whether the batch belongs to an aborted transaction, or is a marker of which nothing is left. To be asked once, in order. */
  passes(batch: Buffer): boolean {
    const { transactions } = this.#options;
    return layout.isControl(batch, 0) ? transactions.passControl(batch, 0) : transactions.passData(batch, 0);
  }

  /**
   * @param isDiscardable what `passes` said
   * @param body the records without compression, from `from` on
   * @param isLast the batch is the last of what becomes one segment, whose end must not be lost
   */
  judge(batch: Buffer, isDiscardable: boolean, body: Buffer, from: number, isLast: boolean): BatchVerdict {
    this.horizonMs = deleteHorizonOf(batch);
    if (layout.isControl(batch, 0)) return this.#judgeControl(batch, isDiscardable, isLast);
    const mustStay = isLast || this.#isLastOfProducer(batch);
    if (isDiscardable) return mustStay ? 'empty' : 'gone';
    const count = layout.recordCountOf(batch, 0);
    if (count === 0) return mustStay ? 'whole' : 'gone';
    const hasTombstones = this.#judgeRecords(batch, body, from, count);
    if (this.kept === 0) return mustStay ? 'empty' : 'gone';
    if (hasTombstones && this.horizonMs === undefined) this.#setHorizon();
    else if (this.kept === count) return 'whole';
    return 'part';
  }

  /** A marker stays whole as long as its transaction has batches, then until its horizon, or its producer's next record. */
  #judgeControl(batch: Buffer, isDiscardable: boolean, isLast: boolean): BatchVerdict {
    if (!isDiscardable) return 'whole';
    const isEmpty = layout.recordCountOf(batch, 0) === 0;
    const isOver = isEmpty || (this.horizonMs !== undefined && this.horizonMs <= this.#options.nowMs);
    if (isOver && !this.#isLastOfProducer(batch)) {
      if (!isLast) return 'gone';
      return isEmpty ? 'whole' : 'empty';
    }
    if (isEmpty || this.horizonMs !== undefined) return 'whole';
    this.#setHorizon();
    this.keeps.fill(1, 0, 1);
    this.kept = 1;
    return 'part';
  }

  #setHorizon(): void {
    this.horizonMs = Math.min(this.#options.nowMs + this.#options.deleteRetentionMs, horizonMsMax);
  }

  #isLastOfProducer(batch: Buffer): boolean {
    const producerId = layout.producerIdOf(batch, 0);
    const last = producerId < 0 ? undefined : this.#options.lastOfProducers.get(producerId);
    if (!last) return false;
    if (last.lastDataOffset >= 0) return layout.lastOffsetOf(batch, 0) === last.lastDataOffset;
    return layout.isControl(batch, 0) && layout.producerEpochOf(batch, 0) === last.epoch;
  }

  /** Whether a record that stays is a tombstone. */
  #judgeRecords(batch: Buffer, body: Buffer, from: number, count: number): boolean {
    if (this.keeps.length < count) this.keeps = new Uint8Array(count);
    const { map, hash, nowMs } = this.#options;
    const { keeps, horizonMs } = this;
    const cursor = this.#cursor;
    const baseOffset = layout.baseOffsetOf(batch, 0);
    const dropsTombstones = horizonMs !== undefined && horizonMs <= nowMs;
    let kept = 0;
    let hasTombstones = false;
    cursor.begin(body, from);
    for (let index = 0; index < count; index++) {
      cursor.next();
      const offset = baseOffset + cursor.offsetDelta;
      let keep = offset > map.latestOffset;
      if (!keep && cursor.keyBytes >= 0) {
        hash.run(body, cursor.keyAt, cursor.keyBytes);
        keep = offset >= map.get(hash) && (cursor.hasValue || !dropsTombstones);
      }
      keeps[index] = keep ? 1 : 0;
      if (!keep) continue;
      kept++;
      hasTombstones ||= !cursor.hasValue;
    }
    this.kept = kept;
    return hasTombstones;
  }
}
