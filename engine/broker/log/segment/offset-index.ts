import { assert } from '../../../base/assert.ts';
import { int32Max } from '../../../records/batch-layout.ts';
import type { IndexFileOptions } from './index-file.ts';
import { IndexFile } from './index-file.ts';

/** Bytes of an entry: relative offset (4), file position (4). Kafka's `.index` format. */
export const offsetEntryBytes = 8;

export interface OffsetPosition {
  readonly offset: number;
  /** Byte position of a batch in the segment. */
  readonly position: number;
}

/**
 * Sparse map from offset to byte position of one segment. As in Kafka, an entry holds the LAST offset of a batch and the
 * position where that batch starts, so that a lookup never lands behind the batch that is searched.
 */
export class OffsetIndex {
  readonly #baseOffset: number;
  readonly #file: IndexFile;

  constructor(baseOffset: number, options: IndexFileOptions) {
    this.#baseOffset = baseOffset;
    this.#file = new IndexFile(offsetEntryBytes, options);
  }

  get entries(): number {
    return this.#file.entries;
  }

  /** See `IndexFile.isUnborn`. */
  get isUnborn(): boolean {
    return this.#file.isUnborn;
  }

  get isFull(): boolean {
    return this.#file.entries >= this.#file.entriesMax;
  }

  /** Adds an entry; offsets must ascend. Nothing happens when the index is full. */
  append(lastOffset: number, position: number): void {
    if (this.isFull) return;
    const relative = lastOffset - this.#baseOffset;
    assert(relative >= 0 && relative <= int32Max, `offset ${lastOffset} fits the index of segment ${this.#baseOffset}`);
    this.#file.append((bytes, at) => {
      bytes.writeInt32BE(relative, at);
      bytes.writeInt32BE(position, at + 4);
    });
  }

  /** The last entry at or below `offset`; the segment's start when there is none. */
  lookup(offset: number): OffsetPosition {
    const relative = offset - this.#baseOffset;
    const found = this.#file.floor((bytes, at) => bytes.readInt32BE(at) <= relative);
    return found < 0 ? { offset: this.#baseOffset, position: 0 } : this.entry(found);
  }

  /** Position of the last entry at or below a file position: a batch boundary at most an interval (and a batch) before it. */
  boundaryBefore(position: number): number {
    const found = this.#file.floor((bytes, at) => bytes.readInt32BE(at + 4) <= position);
    return found < 0 ? 0 : this.entry(found).position;
  }

  entry(index: number): OffsetPosition {
    const bytes = this.#file.bytes;
    const at = index * offsetEntryBytes;
    return { offset: this.#baseOffset + bytes.readInt32BE(at), position: bytes.readInt32BE(at + 4) };
  }

  get last(): OffsetPosition {
    return this.entries ? this.entry(this.entries - 1) : { offset: this.#baseOffset, position: 0 };
  }

  /** Drops entries at or above `offset`. */
  truncateTo(offset: number): void {
    const relative = offset - this.#baseOffset;
    this.#file.truncate(this.#file.floor((bytes, at) => bytes.readInt32BE(at) < relative) + 1);
  }

  /** Whether the file could be the index of a segment of `segmentBytes` bytes: whole, ascending, inside the segment. */
  isPlausible(segmentBytes: number): boolean {
    if (!this.#file.isWhole) return false;
    const { bytes, entries } = this.#file;
    let offset = -1;
    let position = 0; // no entry points at the segment's start: the first interval has none
    for (let at = 0; at < entries * offsetEntryBytes; at += offsetEntryBytes) {
      if (bytes.readInt32BE(at) <= offset || bytes.readInt32BE(at + 4) <= position) return false;
      offset = bytes.readInt32BE(at);
      position = bytes.readInt32BE(at + 4);
    }
    return position < segmentBytes || entries === 0;
  }

  /** Writes and syncs all entries: what a closed segment's index needs before anybody trusts it. */
  settle(): void {
    this.#file.settle();
  }

  /** The same without blocking. */
  settleInBackground(): Promise<void> {
    return this.#file.settleInBackground();
  }

  /** Writes what is pending and drops the entries from memory; the next call reads them again. */
  unload(): void {
    this.#file.unload();
  }
}
