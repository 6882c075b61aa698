import type { Disk } from '../../../base/disk.ts';
import { readInt64, writeInt64 } from '../../../records/batch-layout.ts';
import { IndexFile } from './index-file.ts';

/** A transaction that was aborted: what a reader of committed records leaves out. */
export interface AbortedTransaction {
  readonly producerId: number;
  readonly firstOffset: number;
  /** Offset of the marker. */
  readonly lastOffset: number;
  /** What the last stable offset was with this transaction gone: no later entry begins below it. */
  readonly lastStableOffset: number;
}

/** Aborted transactions found for a read. */
export interface AbortedFound {
  readonly aborted: readonly AbortedTransaction[];
  /** Later segments have none for the same read. */
  readonly isComplete: boolean;
}

/** Bytes of an entry: version (2), then four int64. Kafka's AbortedTxn, version 0. */
const entryBytes = 34;
const version = 0;
/** Kafka sets no bound; a position in a file is an int32 there. */
const bytesMax = 0x7fffffff;
const none: AbortedFound = { aborted: [], isComplete: false };

/**
 * The `.txnindex` of one segment: aborted transactions whose marker is in it, in the order of their markers. There is no file
 * before the first one. Entries wait in memory: those behind the newest producer snapshot are made again by the replay of a start.
 */
export class TransactionIndex {
  readonly #file: IndexFile;

  /** `fresh`: what the file holds is dropped. `absent`: there is none. */
  constructor(options: { readonly disk: Disk; readonly path: string; readonly fresh: boolean | 'absent' }) {
    this.#file = new IndexFile(entryBytes, { ...options, bytesMax });
  }

  /** There is neither an entry nor a file. */
  get isUnborn(): boolean {
    return this.#file.isUnborn;
  }

  /** Adds a transaction. One that is not above the last is there already: replays say everything again. */
  add({ producerId, firstOffset, lastOffset, lastStableOffset }: AbortedTransaction): void {
    if (this.#file.entries > 0 && lastOffset <= this.#entry(this.#file.entries - 1).lastOffset) return;
    this.#file.append((bytes, at) => {
      bytes.writeInt16BE(version, at);
      writeInt64(bytes, producerId, at + 2);
      writeInt64(bytes, firstOffset, at + 10);
      writeInt64(bytes, lastOffset, at + 18);
      writeInt64(bytes, lastStableOffset, at + 26);
    });
  }

  /** Transactions with records from `from` on and below `before`. */
  between(from: number, before: number): AbortedFound {
    if (this.#file.isUnborn) return none;
    const aborted: AbortedTransaction[] = [];
    for (
      let index = this.#file.floor((bytes, at) => readInt64(bytes, at + 18) < from) + 1;
      index < this.#file.entries;
      index++
    ) {
      const entry = this.#entry(index);
      if (entry.firstOffset < before) aborted.push(entry);
      if (entry.lastStableOffset >= before) return { aborted, isComplete: true };
    }
    return { aborted, isComplete: false };
  }

  #entry(index: number): AbortedTransaction {
    const { bytes } = this.#file;
    const at = index * entryBytes;
    return {
      producerId: readInt64(bytes, at + 2),
      firstOffset: readInt64(bytes, at + 10),
      lastOffset: readInt64(bytes, at + 18),
      lastStableOffset: readInt64(bytes, at + 26),
    };
  }

  /** Drops transactions whose marker is at or above `offset`; durable at once, for other records may come to stand there. */
  truncateTo(offset: number): void {
    if (this.#file.isUnborn) return;
    const kept = this.#file.floor((bytes, at) => readInt64(bytes, at + 18) < offset) + 1;
    if (kept >= this.#file.entries) return;
    this.#file.truncate(kept);
    this.settle();
  }

  /** Writes and syncs all entries. */
  settle(): void {
    if (!this.#file.isUnborn) this.#file.settle();
  }

  /** Writes what is pending and drops the entries from memory; the next call reads them again. */
  unload(): void {
    if (!this.#file.isUnborn) this.#file.unload();
  }
}
