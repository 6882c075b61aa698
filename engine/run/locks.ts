/** Gives a lock back; a second call does nothing. */
export type Release = () => void;

/**
 * The locks of critical sections, by name: one holder at a time, the others in the order in which they came. For one run: sections of
 * other engines are not kept out.
 */
export class Locks {
  readonly #waiting = new Map<string, (() => void)[]>();

  /** Calls `granted` when the lock is had, at once where it is free. What is returned gives it back, or takes the wish for it back. */
  acquire(name: string, granted: () => void): Release {
    const queue = this.#waiting.get(name);
    if (queue) queue.push(granted);
    else this.#waiting.set(name, [granted]);
    let isOver = false;
    if (!queue) granted();
    return () => {
      if (isOver) return;
      isOver = true;
      this.#leave(name, granted);
    };
  }

  /** The first of a queue holds the lock. */
  #leave(name: string, granted: () => void): void {
    const queue = this.#waiting.get(name)!;
    const at = queue.indexOf(granted);
    queue.splice(at, 1);
    if (queue.length === 0) this.#waiting.delete(name);
    else if (at === 0) queue[0]!();
  }
}
