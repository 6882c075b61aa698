import { assert } from '../../../base/assert.ts';
import { int32Max, readInt64, writeInt64 } from '../../../records/batch-layout.ts';
import type { IndexFileOptions } from './index-file.ts';
import { IndexFile } from './index-file.ts';

/** Bytes of an entry: timestamp (8), relative offset (4). Kafka's `.timeindex` format. */
export const timeEntryBytes = 12;

export interface TimestampOffset {
  /** Milliseconds since 1970; -1 when unknown. */
  readonly timestampMs: number;
  readonly offset: number;
}

/**
 * Sparse map from timestamp to offset of one segment. An entry says: no batch up to `offset` has a timestamp above
 * `timestampMs`. Timestamps ascend strictly.
 */
export class TimeIndex {
  readonly #baseOffset: number;
  readonly #file: IndexFile;

  constructor(baseOffset: number, options: IndexFileOptions) {
    this.#baseOffset = baseOffset;
    this.#file = new IndexFile(timeEntryBytes, options);
  }

  get entries(): number {
    return this.#file.entries;
  }

  /** One entry is kept free for the segment's largest timestamp, written when it closes. */
  /** See `IndexFile.isUnborn`. */
  get isUnborn(): boolean {
    return this.#file.isUnborn;
  }

  get isFull(): boolean {
    return this.#file.entries >= this.#file.entriesMax - 1;
  }

  /** Adds an entry unless its timestamp is not above the last one. `closing` may use the reserved entry. */
  append(timestampMs: number, offset: number, closing = false): void {
    if ((this.isFull && !closing) || this.#file.entries >= this.#file.entriesMax) return;
    if (timestampMs <= this.last.timestampMs) return;
    const relative = offset - this.#baseOffset;
    assert(relative >= 0 && relative <= int32Max, `offset ${offset} fits the index of segment ${this.#baseOffset}`);
    this.#file.append((bytes, at) => {
      writeInt64(bytes, timestampMs, at);
      bytes.writeInt32BE(relative, at + 8);
    });
  }

  /** The last entry with a timestamp at or below `timestampMs`; the segment's start when there is none. */
  lookup(timestampMs: number): TimestampOffset {
    const found = this.#file.floor((bytes, at) => readInt64(bytes, at) <= timestampMs);
    return found < 0 ? { timestampMs: -1, offset: this.#baseOffset } : this.entry(found);
  }

  entry(index: number): TimestampOffset {
    const bytes = this.#file.bytes;
    const at = index * timeEntryBytes;
    return { timestampMs: readInt64(bytes, at), offset: this.#baseOffset + bytes.readInt32BE(at + 8) };
  }

  get last(): TimestampOffset {
    return this.entries ? this.entry(this.entries - 1) : { timestampMs: -1, offset: this.#baseOffset };
  }

  /** Drops entries whose offset is at or above `offset`. */
  truncateTo(offset: number): void {
    const relative = offset - this.#baseOffset;
    this.#file.truncate(this.#file.floor((bytes, at) => bytes.readInt32BE(at + 8) < relative) + 1);
  }

  /** Whether the file could be the time index of a segment that ends before `endOffset`: whole, ascending, inside it. */
  isPlausible(endOffset: number): boolean {
    if (!this.#file.isWhole) return false;
    let previous: TimestampOffset = { timestampMs: -1, offset: this.#baseOffset };
    for (let index = 0; index < this.entries; index++) {
      const entry = this.entry(index);
      if (entry.timestampMs <= previous.timestampMs || entry.offset < previous.offset) return false;
      previous = entry;
    }
    return previous.offset < endOffset || this.entries === 0;
  }

  /** Writes and syncs all entries: what a closed segment's index needs before anybody trusts it. */
  settle(): void {
    this.#file.settle();
  }

  /** The same without blocking. */
  settleInBackground(): Promise<void> {
    return this.#file.settleInBackground();
  }

  unload(): void {
    this.#file.unload();
  }
}
