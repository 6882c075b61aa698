/** A transaction that has its marker. */
export interface CompletedTransaction {
  readonly producerId: number;
  readonly firstOffset: number;
  /** Offset of the marker. */
  readonly lastOffset: number;
  readonly isAborted: boolean;
}

/**
 * The transactions of one partition whose outcome readers cannot know yet: those without a marker, and those whose marker is
 * not committed. A marker above the high watermark may be lost with its leader, and the last stable offset must not go back.
 */
export class OngoingTransactions {
  /** First offset by producer. Transactions begin in the order of offsets, so the first entry is the oldest. */
  readonly #open = new Map<number, number>();
  /** In the order of their markers. */
  readonly #uncommitted: CompletedTransaction[] = [];

  /** Forgets all, and takes over those that are open: first offsets by producer, in any order. */
  reset(open: Iterable<readonly [producerId: number, firstOffset: number]> = []): void {
    this.#uncommitted.length = 0;
    this.#open.clear();
    for (const [producerId, firstOffset] of [...open].sort((a, b) => a[1] - b[1]))
      this.#open.set(producerId, firstOffset);
  }

  /** A producer's transaction begins. */
  begin(producerId: number, firstOffset: number): void {
    this.#open.set(producerId, firstOffset);
  }

  /** A producer's transaction has its marker in the log. */
  complete(transaction: CompletedTransaction): void {
    this.#open.delete(transaction.producerId);
    this.#uncommitted.push(transaction);
  }

  /** First offset of the oldest transaction without a marker; undefined when there is none. */
  get firstOpenOffset(): number | undefined {
    return this.#open.size === 0 ? undefined : this.#open.values().next().value;
  }

  /** Offset below which the outcome of every transaction is known and committed. `highWatermark` never goes back between two calls. */
  lastStableOffset(highWatermark: number): number {
    if (this.#open.size === 0 && this.#uncommitted.length === 0) return highWatermark;
    const committed = this.#uncommitted.findIndex(({ lastOffset }) => lastOffset >= highWatermark);
    this.#uncommitted.splice(0, committed < 0 ? this.#uncommitted.length : committed);
    let stable = Math.min(highWatermark, this.firstOpenOffset ?? highWatermark);
    for (const { firstOffset } of this.#uncommitted) stable = Math.min(stable, firstOffset);
    return stable;
  }
}
