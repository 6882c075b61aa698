import type { Clock } from '../../../base/clock.ts';

/** Lets others have a turn after each slice of work, and no more bytes pass in a second than is allowed. */
export class Pace {
  readonly #clock: Clock;
  readonly #bytesPerSecondMax: number;
  readonly #startMs: number;
  #bytes = 0;

  constructor(clock: Clock, bytesPerSecondMax: number) {
    this.#clock = clock;
    this.#bytesPerSecondMax = bytesPerSecondMax;
    this.#startMs = clock.monotonic();
  }

  /** Resolves when the work may go on. */
  wait(bytes: number): Promise<void> {
    this.#bytes += bytes;
    const dueMs = this.#startMs + (this.#bytes / this.#bytesPerSecondMax) * 1000;
    const waitMs = dueMs - this.#clock.monotonic();
    return new Promise((resolve) => {
      if (waitMs > 1) this.#clock.after(waitMs, resolve);
      else this.#clock.soon(resolve);
    });
  }
}
