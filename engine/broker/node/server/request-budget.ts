/** A request that has not arrived whole holds this much before it counts: most requests never do. */
const freeBytes = 65_536;

/** A connection in whose name bytes are held. */
export interface Holder {
  /** It may be read again. */
  goOn(): void;
  cut(reason: string): void;
}

interface Holding {
  bytes: number;
  grownAtMs: number;
  isWaiting: boolean;
}

/**
 * Bounds the bytes of requests that have not arrived whole, over all connections (`queued.max.request.bytes`). Above the
 * bound connections are no longer read, all but the one that has waited longest: its request can always be completed, so
 * every other one gets its turn. When that one brings nothing while others wait, it is cut.
 */
export class RequestBudget {
  readonly #bytesMax: number;
  readonly #stallMsMax: number;
  readonly #nowMs: () => number;
  /** In the order in which their requests began. */
  readonly #holders = new Map<Holder, Holding>();
  #heldBytes = 0;
  #waiting = 0;

  constructor(bytesMax: number, stallMsMax: number, nowMs: () => number) {
    this.#bytesMax = bytesMax;
    this.#stallMsMax = stallMsMax;
    this.#nowMs = nowMs;
  }

  get heldBytes(): number {
    return this.#heldBytes;
  }

  /** Notes what a connection holds now; false when it must not be read for the time being: `goOn` ends that. */
  hold(holder: Holder, bytes: number): boolean {
    const holding = this.#holders.get(holder);
    if (!holding && bytes <= freeBytes) return true;
    if (bytes <= freeBytes) {
      this.release(holder);
      return true;
    }
    const known = holding ?? { bytes: 0, grownAtMs: 0, isWaiting: false };
    if (!holding) this.#holders.set(holder, known);
    this.#heldBytes += bytes - known.bytes;
    if (bytes > known.bytes) known.grownAtMs = this.#nowMs();
    known.bytes = bytes;
    if (this.#mayGoOn(holder)) return true;
    if (!known.isWaiting) this.#waiting++;
    known.isWaiting = true;
    return false;
  }

  /** Its request has arrived, or will not any more. */
  release(holder: Holder): void {
    const holding = this.#holders.get(holder);
    if (!holding) return;
    this.#holders.delete(holder);
    this.#heldBytes -= holding.bytes;
    if (holding.isWaiting) this.#waiting--;
    if (this.#waiting === 0) return;
    for (const [other, { isWaiting }] of this.#holders) if (isWaiting && this.#mayGoOn(other)) this.#wake(other);
  }

  /** To be called every second or so: nobody waits for a request that does not come. */
  check(): void {
    const [first] = this.#holders;
    if (!first || this.#waiting === 0) return;
    const [holder, { grownAtMs }] = first;
    if (this.#nowMs() - grownAtMs >= this.#stallMsMax) holder.cut('its request does not arrive while others wait');
  }

  #mayGoOn(holder: Holder): boolean {
    return this.#heldBytes <= this.#bytesMax || this.#holders.keys().next().value === holder;
  }

  #wake(holder: Holder): void {
    const holding = this.#holders.get(holder);
    if (!holding) return;
    holding.isWaiting = false;
    holding.grownAtMs = this.#nowMs();
    this.#waiting--;
    holder.goOn();
  }
}
