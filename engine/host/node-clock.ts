import type { Cancel, Clock } from '../base/clock.ts';

/** Longest delay of a Node timer; a longer one would fire at once. */
const delayMsMax = 2_147_483_647;

/** The machine's time and Node's timers. */
export class NodeClock implements Clock {
  now(): number {
    return Date.now();
  }

  monotonic(): number {
    return performance.now();
  }

  after(delayMs: number, callback: () => void): Cancel {
    const timer = setTimeout(callback, Math.min(Math.max(0, delayMs), delayMsMax));
    return () => clearTimeout(timer);
  }

  soon(callback: () => void): void {
    setImmediate(callback);
  }
}
