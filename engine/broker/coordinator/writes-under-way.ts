/** Counts the appends of a shard that are on their way. They are settled mostly in order; a refused one is settled at once. */
export class WritesUnderWay {
  #begun = 0;
  /** Numbers of those that are not settled, ascending. */
  readonly #open = new Set<number>();
  #waits: { readonly upTo: number; readonly resolve: () => void }[] = [];

  /** Whether nothing is on its way now. */
  get isIdle(): boolean {
    return this.#open.size === 0;
  }

  /** An append begins; its number is for `end`. */
  begin(): number {
    this.#open.add(++this.#begun);
    return this.#begun;
  }

  end(number: number): void {
    this.#open.delete(number);
    if (this.#waits.length > 0) this.#settle();
  }

  /** Resolves when all that have begun until now are settled. */
  whenSettled(): Promise<void> {
    return new Promise((resolve) => {
      this.#waits.push({ upTo: this.#begun, resolve });
      this.#settle();
    });
  }

  #settle(): void {
    const oldest = this.#open.values().next().value ?? Number.POSITIVE_INFINITY;
    const isDone = ({ upTo }: { readonly upTo: number }): boolean => oldest > upTo;
    const done = this.#waits.filter(isDone);
    this.#waits = this.#waits.filter((wait) => !isDone(wait));
    for (const { resolve } of done) resolve();
  }
}
