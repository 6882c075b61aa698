/**
 * Tokens that fill up with time (KIP-599). Whoever takes may drive them below zero while there are any, so that a large request
 * passes at once and those after it wait. Times are monotonic, in ms.
 */
export class TokenBucket {
  readonly #capacitySeconds: number;
  #rate: number;
  #tokens: number;
  #lastMs: number;

  /** Full at the start: `rate` tokens a second for `capacitySeconds`. */
  constructor(rate: number, capacitySeconds: number, nowMs: number) {
    this.#rate = rate;
    this.#capacitySeconds = capacitySeconds;
    this.#tokens = rate * capacitySeconds;
    this.#lastMs = nowMs;
  }

  /** A new rate holds from now on; what has been taken stays taken. */
  setRate(rate: number, nowMs: number): void {
    this.#fill(nowMs);
    this.#rate = rate;
    this.#tokens = Math.min(this.#tokens, rate * this.#capacitySeconds);
  }

  tokens(nowMs: number): number {
    this.#fill(nowMs);
    return this.#tokens;
  }

  take(count: number, nowMs: number): void {
    this.#fill(nowMs);
    this.#tokens = Math.min(this.#tokens - count, this.#rate * this.#capacitySeconds);
  }

  /** How long until there is none missing, in ms, rounded; 0 while none is. */
  throttleMs(nowMs: number): number {
    this.#fill(nowMs);
    return this.#tokens >= 0 ? 0 : Math.round((-this.#tokens / this.#rate) * 1_000);
  }

  #fill(nowMs: number): void {
    const filled = this.#tokens + ((nowMs - this.#lastMs) / 1_000) * this.#rate;
    this.#tokens = Math.min(filled, this.#rate * this.#capacitySeconds);
    this.#lastMs = nowMs;
  }
}
