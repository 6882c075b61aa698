/** A value that was sent for a key; null: a tombstone. */
export interface SentValue {
  readonly value: string | null;
  /** Where it stands, when that was acknowledged. */
  offset: number | undefined;
}

/** What the writer of a compacted topic lived through: the values of each key in the order in which its only writer sent them. */
export class TableHistory {
  readonly #keys = new Map<string, SentValue[]>();

  sent(key: string, value: string | null): SentValue {
    const sent = { value, offset: undefined };
    const known = this.#keys.get(key);
    if (known) known.push(sent);
    else this.#keys.set(key, [sent]);
    return sent;
  }

  get keys(): Iterable<string> {
    return this.#keys.keys();
  }

  /**
   * Why `found`, null where there is nothing, cannot be what a reader found for `key` who read from zero to `endOffset`: it has
   * to be the last value that was acknowledged below, or one that was sent later.
   */
  faultOf(key: string, found: string | null, endOffset: number): string | undefined {
    const sent = this.#keys.get(key) ?? [];
    const last = sent.findLastIndex(({ offset }) => offset !== undefined && offset < endOffset);
    const candidates = sent.slice(Math.max(last, 0));
    // What is not there may have been superseded already: a leader's high watermark may be older than what it compacted by.
    if (found === null && (last < 0 || candidates.length > 1)) return undefined;
    if (candidates.some(({ value }) => value === found)) return undefined;
    const shown = candidates.slice(0, 3).map(({ value, offset }) => `"${value}" at ${offset}`);
    return `"${found}" for ${key} below ${endOffset}, expected one of ${shown.join(', ')}`;
  }
}
