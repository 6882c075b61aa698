import type { Cancel, Clock } from '../clock.ts';

interface Timer {
  readonly dueMs: number;
  readonly order: number;
  /** Undefined once it was cancelled: it then leaves the heap when it comes to the top. */
  callback: (() => void) | undefined;
}

/**
 * Timers fall due at multiples of this part of a millisecond, which floating point holds exactly: a timer set for the
 * difference of two times must not fire, by a rounding error, just before the later one.
 */
const ticksPerMs = 1_024;

/** A clock that moves only when told: tests and simulations. Timers fire in order of their due time, then of their creation. */
export class ManualClock implements Clock {
  #nowMs = 0;
  #order = 0;
  readonly #startMs: number;
  /** A binary heap: each timer is due no later than the two at twice its place. */
  readonly #heap: Timer[] = [];

  constructor(startMs = 1_700_000_000_000) {
    this.#startMs = startMs;
  }

  now(): number {
    return this.#startMs + this.#nowMs;
  }

  monotonic(): number {
    return this.#nowMs;
  }

  after(delayMs: number, callback: () => void): Cancel {
    const delay = Math.ceil(Math.max(0, delayMs) * ticksPerMs) / ticksPerMs;
    const timer: Timer = { dueMs: this.#nowMs + delay, order: this.#order++, callback };
    this.#push(timer);
    return () => {
      timer.callback = undefined;
    };
  }

  soon(callback: () => void): void {
    this.after(0, callback);
  }

  /** Due time of the next timer in `monotonic()` milliseconds, or undefined when none waits. */
  get nextDueMs(): number | undefined {
    return this.#next()?.dueMs;
  }

  /** Fires the earliest timer, moving time to it. False when none waits. */
  step(): boolean {
    const timer = this.#next();
    if (!timer?.callback) return false;
    this.#pop();
    this.#nowMs = Math.max(this.#nowMs, timer.dueMs);
    const { callback } = timer;
    timer.callback = undefined;
    callback();
    return true;
  }

  /** Moves time on by `durationMs`, firing every timer that falls due on the way. */
  advance(durationMs: number): void {
    const endMs = this.#nowMs + Math.ceil(durationMs * ticksPerMs) / ticksPerMs;
    for (let next = this.#next(); next && next.dueMs <= endMs; next = this.#next()) this.step();
    this.#nowMs = endMs;
  }

  /** The earliest timer that was not cancelled. */
  #next(): Timer | undefined {
    while (this.#heap[0] && !this.#heap[0].callback) this.#pop();
    return this.#heap[0];
  }

  #push(timer: Timer): void {
    const heap = this.#heap;
    let at = heap.push(timer) - 1;
    while (at > 0) {
      const parentAt = (at - 1) >> 1;
      const parent = heap[parentAt]!;
      if (!isBefore(timer, parent)) break;
      heap[at] = parent;
      at = parentAt;
    }
    heap[at] = timer;
  }

  #pop(): void {
    const heap = this.#heap;
    const last = heap.pop()!;
    if (heap.length === 0) return;
    let at = 0;
    for (;;) {
      let childAt = 2 * at + 1;
      if (childAt >= heap.length) break;
      if (childAt + 1 < heap.length && isBefore(heap[childAt + 1]!, heap[childAt]!)) childAt++;
      const child = heap[childAt]!;
      if (!isBefore(child, last)) break;
      heap[at] = child;
      at = childAt;
    }
    heap[at] = last;
  }
}

function isBefore(a: Timer, b: Timer): boolean {
  return a.dueMs < b.dueMs || (a.dueMs === b.dueMs && a.order < b.order);
}
