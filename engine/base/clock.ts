/** Stops a timer; a second call, or one after it fired, does nothing. */
export type Cancel = () => void;

/** Time and timers. Handed in everywhere, so that a simulated cluster lives on virtual time. */
export interface Clock {
  /** Wall-clock time in milliseconds since 1970. May jump; use it only for timestamps that people or files see. */
  now(): number;
  /** Milliseconds from a fixed but unknown start; never goes back. Use it for every duration and deadline. */
  monotonic(): number;
  /** Calls `callback` once after `delayMs` (>= 0). */
  after(delayMs: number, callback: () => void): Cancel;
  /** Calls `callback` soon, after what is running now and after I/O that is ready (setImmediate). Used to batch work per turn. */
  soon(callback: () => void): void;
}
