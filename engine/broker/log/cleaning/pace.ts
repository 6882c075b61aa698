import type { Clock } from '../../../base/clock.ts';

/** A pause of at least this long, in ms, means that others had work to do in it. */
const busyMs = 0.3;
/** Longest rest after a slice, in ms, while others have work. */
const restMsMax = 5;

/**
 * Lets others have a turn after each slice of work: as long as they have something to do, half of the time is theirs. And no
 * more bytes pass in a second than is allowed.
 */
export class Pace {
  readonly #clock: Clock;
  readonly #bytesPerSecondMax: number;
  readonly #startMs: number;
  #resumedMs: number;
  #bytes = 0;

  constructor(clock: Clock, bytesPerSecondMax: number) {
    this.#clock = clock;
    this.#bytesPerSecondMax = bytesPerSecondMax;
    this.#startMs = clock.monotonic();
    this.#resumedMs = this.#startMs;
  }

  /** Resolves when the work may go on. */
  async wait(bytes: number): Promise<void> {
    const pausedMs = this.#clock.monotonic();
    const sliceMs = pausedMs - this.#resumedMs;
    this.#bytes += bytes;
    const dueMs = this.#startMs + (this.#bytes / this.#bytesPerSecondMax) * 1_000;
    if (dueMs - pausedMs > 1) await this.#rest(dueMs - pausedMs);
    else {
      await new Promise<void>((resolve) => this.#clock.soon(resolve));
      const othersMs = this.#clock.monotonic() - pausedMs;
      if (othersMs > busyMs && othersMs < sliceMs) await this.#rest(Math.min(sliceMs - othersMs, restMsMax));
    }
    this.#resumedMs = this.#clock.monotonic();
  }

  #rest(ms: number): Promise<void> {
    return new Promise((resolve) => {
      this.#clock.after(ms, resolve);
    });
  }
}
