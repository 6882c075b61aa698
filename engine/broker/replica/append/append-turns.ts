/**
 * The appends of one partition in the order in which they came: batches that have to be inflated or recompressed in the
 * background keep their place, and what comes after them waits for them.
 */
export class AppendTurns {
  #last: Promise<void> | undefined;

  /** Nothing waits: an append may be made at once. */
  get areFree(): boolean {
    return this.#last === undefined;
  }

  /**
   * Makes the append with what the preparation gives, when all that came before have been made. A promise that `append`
   * returns holds up nobody else: it waits for replicas.
   */
  take<Prepared, Reply>(
    prepared: Prepared,
    append: (prepared: Awaited<Prepared>) => Promise<Reply> | Reply,
  ): Promise<Reply> {
    const before = this.#last;
    const appended = Promise.resolve(prepared).then(async (ready) => {
      await before;
      return { reply: append(ready) };
    });
    const done = appended
      .then(
        () => {},
        () => {},
      )
      .then(() => {
        if (this.#last === done) this.#last = undefined;
      });
    this.#last = done;
    return appended.then(({ reply }) => reply);
  }
}
