import * as layout from '../../../records/batch-layout.ts';
import { markerAt } from '../../../records/transaction-marker.ts';
import type { LogRefusal } from '../log-refusal.ts';
import type { CompletedTransaction } from './ongoing-transactions.ts';
import { OngoingTransactions } from './ongoing-transactions.ts';
import type { ProducerVerdict } from './producer-check.ts';
import { accepted, checkInternal, checkSequence, checkTransaction } from './producer-check.ts';
import type { ProducerBatch, ProducerEntry } from './producer-entry.ts';
import { batchAt } from './producer-entry.ts';
import type { VerificationGuard } from './verifications.ts';
import { Verifications } from './verifications.ts';

/** Batches remembered per producer: the most a client may have in flight (KIP-98, KIP-185). */
export const batchesPerProducer = 5;
/** Producers remembered per partition; beyond it the one that appeared first is forgotten, unless it has a transaction open. */
const producersMax = 50_000;

/**
 * The idempotent producers of one partition (KIP-98): the last five batches of each, checked on the leader, followed on
 * replicas. `endOffset` is the offset up to which batches have been applied.
 */
export class ProducerState {
  readonly #entries = new Map<number, ProducerEntry>();
  /** Questions to the transaction coordinator that are under way. */
  readonly verifications = new Verifications();
  readonly #transactions = new OngoingTransactions();
  #endOffset = 0;

  get endOffset(): number {
    return this.#endOffset;
  }

  get entries(): ReadonlyMap<number, ProducerEntry> {
    return this.#entries;
  }

  /** Forgets all and stands at `endOffset`; `entries` come from a snapshot. */
  reset(endOffset: number, entries: readonly ProducerEntry[] = []): void {
    this.#entries.clear();
    for (const entry of entries) this.#entries.set(entry.producerId, entry);
    const open = entries.filter(({ currentTxnFirstOffset }) => currentTxnFirstOffset >= 0);
    this.#transactions.reset(open.map(({ producerId, currentTxnFirstOffset }) => [producerId, currentTxnFirstOffset]));
    this.#endOffset = endOffset;
  }

  /** Whether a transaction of this producer, in this epoch, has records here and no marker. */
  hasTransaction(producerId: number, epoch: number): boolean {
    const entry = this.#entries.get(producerId);
    return entry !== undefined && entry.epoch === epoch && entry.currentTxnFirstOffset >= 0;
  }

  /** See `OngoingTransactions.lastStableOffset`. */
  lastStableOffset(highWatermark: number): number {
    return this.#transactions.lastStableOffset(highWatermark);
  }

  /** What the last stable offset can be once the transaction, which has just been completed, is committed. */
  stableOffsetAfter({ lastOffset }: CompletedTransaction): number {
    return this.#transactions.firstOpenOffset ?? lastOffset + 1;
  }

  /**
   * Judges a client's batch before it is appended. Batches without a producer id are accepted.
   * @param guard of the question whether this partition is in the producer's transaction, for a batch that begins one here
   */
  check(buffer: Buffer, position: number, guard?: VerificationGuard): ProducerVerdict {
    const producerId = layout.producerIdOf(buffer, position);
    if (producerId < 0) return accepted;
    const entry = this.#entries.get(producerId);
    const verdict = entry ? checkSequence(entry, buffer, position) : accepted;
    if (verdict.kind === 'duplicate') return verdict;
    const refusal = checkTransaction(entry, buffer, position, this.verifications, guard);
    return refusal ? { kind: 'refuse', refusal } : verdict;
  }

  /**
   * Judges a batch of a coordinator: a marker, or offsets that belong to a transaction; neither has sequences.
   * @param transactionVersion of the transaction that a marker ends
   * @param guard of the question whether this partition is in the transaction, for offsets that begin it here
   */
  checkInternal(
    buffer: Buffer,
    position: number,
    transactionVersion: number,
    guard?: VerificationGuard,
  ): LogRefusal | undefined {
    const producerId = layout.producerIdOf(buffer, position);
    if (producerId < 0) return undefined;
    const entry = this.#entries.get(producerId);
    const fenced = entry && checkInternal(entry, buffer, position, transactionVersion);
    if (fenced || layout.isControl(buffer, position)) return fenced;
    return checkTransaction(entry, buffer, position, this.verifications, guard);
  }

  /** Takes note of a batch that is in the log. Its offsets are final. Answers the transaction that it ends. */
  apply(buffer: Buffer, position: number): CompletedTransaction | undefined {
    const lastOffset = layout.lastOffsetOf(buffer, position);
    this.#endOffset = lastOffset + 1;
    const producerId = layout.producerIdOf(buffer, position);
    if (producerId < 0) return undefined;
    if (layout.isControl(buffer, position)) return this.#applyMarker(producerId, buffer, position);
    this.#applyData(producerId, buffer, position);
    return undefined;
  }

  #applyData(producerId: number, buffer: Buffer, position: number): void {
    const entry = this.#entryFor(producerId, layout.producerEpochOf(buffer, position));
    const batch = batchAt(buffer, position);
    // What a coordinator writes in a transaction has no sequences, and nobody sends it again.
    if (batch.baseSequence >= 0) entry.batches.push(batch);
    if (entry.batches.length > batchesPerProducer) entry.batches.shift();
    entry.lastTimestampMs = batch.timestampMs;
    if (!layout.isTransactional(buffer, position) || entry.currentTxnFirstOffset >= 0) return;
    entry.currentTxnFirstOffset = batch.baseOffset;
    this.#transactions.begin(producerId, batch.baseOffset);
    this.verifications.end(producerId);
  }

  /**
   * A transaction marker ends the transaction and fences older epochs. One that ends nothing says nothing to readers: the
   * transaction had no records here.
   */
  #applyMarker(producerId: number, buffer: Buffer, position: number): CompletedTransaction | undefined {
    const marker = markerAt(buffer, position);
    if (!marker) return undefined;
    const entry = this.#entryFor(producerId, layout.producerEpochOf(buffer, position));
    this.verifications.end(producerId);
    const firstOffset = entry.currentTxnFirstOffset;
    entry.currentTxnFirstOffset = -1;
    entry.lastTimestampMs = layout.maxTimestampOf(buffer, position);
    entry.coordinatorEpoch = marker.coordinatorEpoch;
    if (firstOffset < 0) return undefined;
    const lastOffset = layout.lastOffsetOf(buffer, position);
    const completed = { producerId, firstOffset, lastOffset, isAborted: marker.isAbort };
    this.#transactions.complete(completed);
    return completed;
  }

  #entryFor(producerId: number, epoch: number): ProducerEntry {
    let entry = this.#entries.get(producerId);
    if (!entry) {
      if (this.#entries.size >= producersMax) this.#forgetFirst();
      entry = { producerId, epoch, batches: [], lastTimestampMs: -1, coordinatorEpoch: -1, currentTxnFirstOffset: -1 };
      this.#entries.set(producerId, entry);
    }
    if (entry.epoch !== epoch) {
      entry.epoch = epoch;
      entry.batches = [];
    }
    return entry;
  }

  #forgetFirst(): void {
    for (const [producerId, { currentTxnFirstOffset }] of this.#entries) {
      if (currentTxnFirstOffset >= 0) continue;
      this.#entries.delete(producerId);
      return;
    }
  }

  /** Forgets producers without an open transaction whose last batch is older than `beforeMs`. */
  expire(beforeMs: number): void {
    for (const [producerId, entry] of this.#entries) {
      if (entry.currentTxnFirstOffset < 0 && entry.lastTimestampMs < beforeMs) this.#entries.delete(producerId);
    }
  }

  /** Moves on without batches: the log starts anew, or a segment begins. */
  advanceTo(endOffset: number): void {
    this.#endOffset = Math.max(this.#endOffset, endOffset);
  }

  /**
   * Puts older batches back under entries that a snapshot gave only the last batch of: `found` are batches of the log's
   * tail, oldest first. So a retry in flight is known after a clean restart too.
   */
  deepen(producerId: number, epoch: number, found: readonly ProducerBatch[]): void {
    const entry = this.#entries.get(producerId);
    const oldest = entry?.batches[0];
    if (!entry || entry.epoch !== epoch || !oldest) return;
    const older = found.filter((batch) => batch.lastOffset < oldest.baseOffset);
    entry.batches = [...older, ...entry.batches].slice(-batchesPerProducer);
  }
}
