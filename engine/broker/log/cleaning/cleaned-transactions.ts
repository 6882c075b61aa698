import * as layout from '../../../records/batch-layout.ts';
import { markerAt } from '../../../records/transaction-marker.ts';
import type { AbortedTransaction, TransactionIndex } from '../segment/transaction-index.ts';

interface OpenAborted {
  readonly transaction: AbortedTransaction;
  /** A batch of it was passed that stays in the log, if only for its producer's sequence. */
  hasBatches: boolean;
}

/**
 * The transactions that a cleaning comes through, batch by batch from the start of the log or of its dirty part: data of
 * aborted ones goes, a marker may go when nothing of its transaction was passed.
 */
export class CleanedTransactions {
  /** By first offset; those before `#next` have been passed. */
  readonly #aborted: readonly AbortedTransaction[];
  #next = 0;
  readonly #openAborted = new Map<number, OpenAborted>();
  readonly #openCommitted = new Set<number>();
  /** Where aborted transactions of which something stays are written down again. */
  index: TransactionIndex | undefined;

  /** `aborted`: all that have records in what is passed, in any order. */
  constructor(aborted: readonly AbortedTransaction[]) {
    this.#aborted = aborted.toSorted((a, b) => a.firstOffset - b.firstOffset);
  }

  /** Passes a batch that is no control batch. Whether it belongs to a transaction that was aborted. */
  passData(buffer: Buffer, at: number): boolean {
    this.#openUpTo(layout.lastOffsetOf(buffer, at));
    if (!layout.isTransactional(buffer, at)) return false;
    const producerId = layout.producerIdOf(buffer, at);
    const aborted = this.#openAborted.get(producerId);
    if (aborted) aborted.hasBatches = true;
    else this.#openCommitted.add(producerId);
    return aborted !== undefined;
  }

  /** Passes a control batch. Whether readers can do without it: a marker of a transaction of which there is nothing left. */
  passControl(buffer: Buffer, at: number): boolean {
    this.#openUpTo(layout.lastOffsetOf(buffer, at));
    if (layout.recordCountOf(buffer, at) === 0) return true;
    const marker = markerAt(buffer, at);
    if (!marker) return false;
    const producerId = layout.producerIdOf(buffer, at);
    if (!marker.isAbort) return !this.#openCommitted.delete(producerId);
    const aborted = this.#openAborted.get(producerId);
    this.#openAborted.delete(producerId);
    if (!aborted?.hasBatches) return true;
    this.index?.add(aborted.transaction);
    return false;
  }

  #openUpTo(offset: number): void {
    for (; this.#next < this.#aborted.length; this.#next++) {
      const transaction = this.#aborted[this.#next]!;
      if (transaction.firstOffset > offset) return;
      this.#openAborted.set(transaction.producerId, { transaction, hasBatches: false });
    }
  }
}
