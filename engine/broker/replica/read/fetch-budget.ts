/** Share of a fetch that one partition may fill. */
export interface ReadShare {
  readonly maxBytes: number;
  /** Give the first batch whole even when it is larger than `maxBytes`, so that a reader never gets stuck (KIP-74). */
  readonly atLeastOneBatch: boolean;
}

/** Deals out the byte limit of one fetch over its partitions, in their order. */
export class FetchBudget {
  #remainingBytes: number;
  #usedBytes = 0;

  /** `maxBytes` for the whole response. */
  constructor(maxBytes: number) {
    this.#remainingBytes = Math.max(0, maxBytes);
  }

  get usedBytes(): number {
    return this.#usedBytes;
  }

  /** What the next partition may read, or undefined when the response is full. */
  share(partitionMaxBytes: number): ReadShare | undefined {
    const atLeastOneBatch = this.#usedBytes === 0;
    const maxBytes = Math.min(this.#remainingBytes, Math.max(0, partitionMaxBytes));
    return maxBytes > 0 || atLeastOneBatch ? { maxBytes, atLeastOneBatch } : undefined;
  }

  /** Takes what was read off the budget. */
  spend(bytes: number): void {
    this.#usedBytes += bytes;
    this.#remainingBytes = Math.max(0, this.#remainingBytes - bytes);
  }
}
