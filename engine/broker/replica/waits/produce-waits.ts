import { BoundedQueue } from '../../../base/bounded-queue.ts';
import type { Cancel, Clock } from '../../../base/clock.ts';

/** Appends of one partition that may wait for their replicas at a time. */
export const produceWaitsMax = 65_536;

interface ProduceWait {
  /** Committed once the high watermark is here or above. */
  readonly requiredOffset: number;
  readonly deadlineMs: number;
  readonly settle: (outcome: ProduceWaitOutcome) => void;
}

export type ProduceWaitOutcome = 'committed' | 'timed-out' | 'resigned';

/**
 * Appends with acks=all of one partition that wait for the high watermark, in order of arrival. One timer serves them
 * all: it is armed for the earliest deadline and left alone while requests come and go.
 */
export class ProduceWaits {
  readonly #clock: Clock;
  readonly #waits = new BoundedQueue<ProduceWait>(produceWaitsMax);
  #timerDueMs = Number.POSITIVE_INFINITY;
  #cancelTimer: Cancel | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  get isFull(): boolean {
    return this.#waits.isFull;
  }

  get length(): number {
    return this.#waits.length;
  }

  /** Calls `settle` once; `timeoutMs` may be infinite. The caller has checked `isFull`, and that `requiredOffset` is above the high watermark. */
  add(requiredOffset: number, timeoutMs: number, settle: (outcome: ProduceWaitOutcome) => void): void {
    const deadlineMs = this.#clock.monotonic() + Math.max(0, timeoutMs);
    this.#waits.push({ requiredOffset, deadlineMs, settle });
    if (deadlineMs < this.#timerDueMs) this.#arm(deadlineMs);
  }

  /** Settles every wait that `highWatermark` commits. A repeated batch waits behind later ones: its offset is lower than theirs. */
  commit(highWatermark: number): void {
    for (let wait = this.#waits.peek(); wait && wait.requiredOffset <= highWatermark; wait = this.#waits.peek()) {
      this.#waits.shift();
      wait.settle('committed');
    }
  }

  /** This broker no longer leads: whether the records survive is the next leader's matter. */
  resign(highWatermark: number): void {
    this.#disarm();
    for (let wait = this.#waits.shift(); wait; wait = this.#waits.shift())
      wait.settle(wait.requiredOffset <= highWatermark ? 'committed' : 'resigned');
  }

  #expire(): void {
    this.#disarm();
    const nowMs = this.#clock.monotonic();
    const expired: ProduceWait[] = [];
    let earliestMs = Number.POSITIVE_INFINITY;
    for (let left = this.#waits.length; left > 0; left--) {
      const wait = this.#waits.shift() as ProduceWait;
      if (wait.deadlineMs <= nowMs) {
        expired.push(wait);
      } else {
        this.#waits.push(wait);
        earliestMs = Math.min(earliestMs, wait.deadlineMs);
      }
    }
    if (earliestMs < Number.POSITIVE_INFINITY) this.#arm(earliestMs);
    for (const wait of expired) wait.settle('timed-out');
  }

  #arm(dueMs: number): void {
    this.#cancelTimer?.();
    this.#timerDueMs = dueMs;
    this.#cancelTimer = this.#clock.after(dueMs - this.#clock.monotonic(), () => this.#expire());
  }

  #disarm(): void {
    this.#cancelTimer?.();
    this.#cancelTimer = undefined;
    this.#timerDueMs = Number.POSITIVE_INFINITY;
  }
}
