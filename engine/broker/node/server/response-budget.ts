const leastBytes = 1_048_576;

/** A connection with responses that its client has not taken. */
export interface Debtor {
  readonly bufferedBytes: number;
  cut(reason: string): void;
}

interface Debt {
  bytes: number;
  changedAtMs: number;
}

/**
 * Bounds the bytes of responses that clients have not taken, over all connections (`queued.max.response.bytes`). The less
 * there is left, the less one response may hold; beyond the bound a client gets no further one before it has taken the last,
 * and one that takes nothing at all is cut.
 */
export class ResponseBudget {
  readonly #bytesMax: number;
  readonly #stallMsMax: number;
  readonly #nowMs: () => number;
  readonly #debts = new Map<Debtor, Debt>();
  #unsentBytes = 0;

  constructor(bytesMax: number, stallMsMax: number, nowMs: () => number) {
    this.#bytesMax = bytesMax;
    this.#stallMsMax = stallMsMax;
    this.#nowMs = nowMs;
  }

  get unsentBytes(): number {
    return this.#unsentBytes;
  }

  get isShort(): boolean {
    return this.#unsentBytes > this.#bytesMax;
  }

  /** What the next response should hold at most: half of what is left, and a batch of the usual size in any case. */
  get nextResponseBytesMax(): number {
    return Math.max(leastBytes, (this.#bytesMax - this.#unsentBytes) / 2);
  }

  /** Looks at what a connection has unsent now. */
  note(debtor: Debtor): void {
    const bytes = debtor.bufferedBytes;
    const debt = this.#debts.get(debtor);
    if (!debt && bytes === 0) return;
    this.#unsentBytes += bytes - (debt?.bytes ?? 0);
    if (bytes === 0) this.#debts.delete(debtor);
    else if (!debt) this.#debts.set(debtor, { bytes, changedAtMs: this.#nowMs() });
    else if (debt.bytes !== bytes) {
      if (bytes < debt.bytes) debt.changedAtMs = this.#nowMs();
      debt.bytes = bytes;
    }
  }

  /** It is closed; returns what it had unsent. */
  forget(debtor: Debtor): number {
    const bytes = this.#debts.get(debtor)?.bytes ?? 0;
    this.#unsentBytes -= bytes;
    this.#debts.delete(debtor);
    return bytes;
  }

  /** To be called every second or so. */
  check(): void {
    for (const debtor of [...this.#debts.keys()]) this.note(debtor);
    if (this.#unsentBytes <= this.#bytesMax / 2) return;
    const nowMs = this.#nowMs();
    for (const [debtor, { changedAtMs }] of [...this.#debts])
      if (nowMs - changedAtMs >= this.#stallMsMax) debtor.cut('it takes no responses while memory for them is short');
  }
}
