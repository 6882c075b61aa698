/**
 * Lets what came first for a key go first, where some of it has to wait. Nothing is kept of a key for which nothing is under way. How
 * much may wait is bounded by whoever lets it in.
 */
export class ArrivalOrder {
  readonly #last = new Map<string, Promise<unknown>>();

  /** Runs `work` when all that came before it for the key is done, well or not: at once when nothing is under way. */
  run<T>(key: string, work: () => T | Promise<T>): T | Promise<T> {
    const before = this.#last.get(key);
    const done = before
      ? before.then(
          () => work(),
          () => work(),
        )
      : work();
    if (!(done instanceof Promise)) return done;
    this.#last.set(key, done);
    const forget = () => {
      if (this.#last.get(key) === done) this.#last.delete(key);
    };
    done.then(forget, forget);
    return done;
  }
}
