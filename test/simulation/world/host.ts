import type { Cancel, Clock } from '../../../engine/base/clock.ts';
import type { ManualClock } from '../../../engine/base/testing/manual-clock.ts';
import type { SeededRandom } from '../../../engine/base/testing/seeded-random.ts';

export interface HostOptions {
  readonly name: string;
  readonly world: ManualClock;
  /** How far its wall clock is off now, in ms. */
  readonly skewMs: () => number;
  /** Longest time that the work between two looks at the clock takes, in ms. */
  readonly workMsMax?: number;
  readonly random?: SeededRandom;
  /** What a callback of the process threw. */
  readonly onThrow: (error: unknown) => void;
  readonly onStall?: (ms: number) => void;
}

/** A piece of work that takes `ms`: it comes behind that many looks at the clock, of the kind given, from now. */
export interface Stall {
  /** `wall`: only looks at the time of day count, which is what records are stamped with just before they are appended. */
  readonly clock: 'any' | 'wall';
  looks: number;
  readonly ms: number;
}

/**
 * One life of a process in the simulated world: what comes from outside (timers, frames, finished syncs) reaches it through
 * `run` only. A dead one hears nothing any more; a paused one (a long garbage collection, a stopped virtual machine) hears
 * everything late and in order.
 *
 * Work takes time: whenever the process looks at its clock it may find that some has passed since its last look, within the
 * same callback too. What comes from outside meanwhile waits until it is done, and what it sends or sets leaves that much later.
 */
export class Host {
  readonly name: string;
  readonly clock: Clock;
  readonly #options: HostOptions;
  #isAlive = true;
  #isPaused = false;
  /** Time of the world at which the work of the last callback is done. */
  #busyUntilMs = 0;
  #stall: Stall | undefined;
  #backlog: (() => void)[] = [];
  #isDraining = false;

  constructor(options: HostOptions) {
    const { name, world, skewMs } = options;
    this.name = name;
    this.#options = options;
    const after = (delayMs: number, callback: () => void): Cancel => {
      let isCancelled = false;
      const cancel = world.after(delayMs + this.lagMs, () => this.run(() => isCancelled || callback()));
      return () => {
        isCancelled = true;
        cancel();
      };
    };
    this.clock = {
      now: () => Math.floor(world.now() + this.#look(true) + skewMs()),
      monotonic: () => world.monotonic() + this.#look(false),
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

  /** How far the process is ahead of the world: what it does now happens that much later, in ms. */
  get lagMs(): number {
    return Math.max(0, this.#busyUntilMs - this.#options.world.monotonic());
  }

  run(callback: () => void): void {
    if (!this.#isAlive) return;
    if (this.#isPaused || this.lagMs > 0 || this.#backlog.length > 0) {
      this.#backlog.push(callback);
      this.#drainLater();
      return;
    }
    this.#call(callback);
  }

  stall(stall: Stall): void {
    this.#stall = { ...stall };
  }

  pause(): void {
    this.#isPaused = true;
  }

  /** Goes on, and has no stall ahead any more. */
  resume(): void {
    this.#stall = undefined;
    if (!this.#isPaused) return;
    this.#isPaused = false;
    this.#drainLater();
  }

  die(): void {
    this.#isAlive = false;
    this.#backlog = [];
  }

  #look(isWall: boolean): number {
    const { world, workMsMax = 0, random, onStall } = this.#options;
    let ms = workMsMax > 0 && random ? random.next() ** 3 * workMsMax : 0;
    if (this.#stall && (isWall || this.#stall.clock === 'any') && --this.#stall.looks < 0) {
      ms += this.#stall.ms;
      onStall?.(this.#stall.ms);
      this.#stall = undefined;
    }
    if (ms > 0) this.#busyUntilMs = Math.max(this.#busyUntilMs, world.monotonic()) + ms;
    return this.lagMs;
  }

  /** What waits is taken in order, each in an event of its own, so that promise callbacks run between them as they would. */
  #drainLater(): void {
    if (this.#isDraining || this.#isPaused || this.#backlog.length === 0) return;
    this.#isDraining = true;
    this.#options.world.after(this.lagMs, () => {
      this.#isDraining = false;
      if (this.#isPaused || !this.#isAlive) return;
      const next = this.lagMs > 0 ? undefined : this.#backlog.shift();
      if (next) this.#call(next);
      this.#drainLater();
    });
  }

  #call(callback: () => void): void {
    try {
      callback();
    } catch (error) {
      this.#options.onThrow(error);
    }
  }
}
