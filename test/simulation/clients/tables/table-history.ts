/** What became of one key of a compacted topic: its values in the order in which its only writer sent them. */
export interface KeyHistory {
  /** null: a tombstone. */
  readonly sent: (string | null)[];
  /** How many of them were acknowledged. */
  acked: number;
}

/** What the writer of a compacted topic lived through, by key. */
export class TableHistory {
  readonly keys = new Map<string, KeyHistory>();

  of(key: string): KeyHistory {
    const known = this.keys.get(key) ?? { sent: [], acked: 0 };
    this.keys.set(key, known);
    return known;
  }

  /** How many values of each key are acknowledged now. */
  ackedCounts(): ReadonlyMap<string, number> {
    return new Map([...this.keys].map(([key, { acked }]) => [key, acked]));
  }

  /**
   * Whether `found`, read after `acked` values were acknowledged, is the value of `key` then: that of the last one which was
   * acknowledged, or of one that was sent later.
   */
  isCurrent(key: string, found: string | null, acked: number): boolean {
    const { sent } = this.of(key);
    const candidates = sent.slice(Math.max(acked - 1, 0));
    // Nothing was acknowledged: the key need not be there.
    if (found === null && acked === 0) return true;
    return candidates.includes(found);
  }
}
