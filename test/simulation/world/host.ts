import type { Cancel, Clock } from '../../../engine/base/clock.ts';
import type { ManualClock } from '../../../engine/base/manual-clock.ts';

/**
 * One life of a process in the simulated world: what comes from outside (timers, frames, finished syncs) reaches it through
 * `run` only. A dead one hears nothing any more; a paused one (a long garbage collection, a stopped virtual machine) hears
 * everything late and in order.
 */
export class Host {
  readonly name: string;
  readonly clock: Clock;
  readonly #world: ManualClock;
  readonly #onThrow: (error: unknown) => void;
  #isAlive = true;
  #isPaused = false;
  #backlog: (() => void)[] = [];

  /** `skewMs`: how far its wall clock is off. `onThrow`: what a callback of the process threw. */
  constructor(name: string, world: ManualClock, skewMs: number, onThrow: (error: unknown) => void) {
    this.name = name;
    this.#world = world;
    this.#onThrow = onThrow;
    const after = (delayMs: number, callback: () => void): Cancel => {
      let isCancelled = false;
      const cancel = world.after(delayMs, () => this.run(() => isCancelled || callback()));
      return () => {
        isCancelled = true;
        cancel();
      };
    };
    this.clock = {
      now: () => Math.floor(world.now() + skewMs),
      monotonic: () => world.monotonic(),
      after,
      soon: (callback) => void after(0, callback),
    };
  }

  get isAlive(): boolean {
    return this.#isAlive;
  }

  get isPaused(): boolean {
    return this.#isPaused;
  }

  run(callback: () => void): void {
    if (!this.#isAlive) return;
    if (this.#isPaused) {
      this.#backlog.push(callback);
      return;
    }
    try {
      callback();
    } catch (error) {
      this.#onThrow(error);
    }
  }

  pause(): void {
    this.#isPaused = true;
  }

  resume(): void {
    if (!this.#isPaused) return;
    this.#isPaused = false;
    const backlog = this.#backlog;
    this.#backlog = [];
    // Each in an event of its own, so that promise callbacks run between them as they would.
    for (const callback of backlog) this.#world.after(0, () => this.run(callback));
  }

  die(): void {
    this.#isAlive = false;
    this.#backlog = [];
  }
}
