import type { Cancel, Clock } from '../../base/clock.ts';

/**
 * The next deadline of each of many things. A timer that was armed for an earlier time is left alone when the deadline moves
 * back, as it does with every heartbeat: it then fires for nothing, and whoever is called sets the next one.
 */
export class Deadlines<Key> {
  readonly #clock: Clock;
  readonly #onDue: (key: Key) => void;
  readonly #armed = new Map<Key, { readonly dueMs: number; readonly cancel: Cancel }>();

  constructor(clock: Clock, onDue: (key: Key) => void) {
    this.#clock = clock;
    this.#onDue = onDue;
  }

  /** `onDue` is called with the key at `dueMs` of the monotonic clock, or before; never when it is infinite. */
  set(key: Key, dueMs: number): void {
    const armed = this.#armed.get(key);
    if (armed && armed.dueMs <= dueMs) return;
    this.clear(key);
    if (dueMs === Number.POSITIVE_INFINITY) return;
    const cancel = this.#clock.after(Math.max(0, dueMs - this.#clock.monotonic()), () => {
      this.#armed.delete(key);
      this.#onDue(key);
    });
    this.#armed.set(key, { dueMs, cancel });
  }

  clear(key: Key): void {
    this.#armed.get(key)?.cancel();
    this.#armed.delete(key);
  }

  clearAll(): void {
    for (const { cancel } of this.#armed.values()) cancel();
    this.#armed.clear();
  }
}
