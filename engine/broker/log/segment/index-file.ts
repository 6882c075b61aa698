import type { Disk, DiskFile } from '../../../base/disk.ts';

export interface IndexFileOptions {
  readonly disk: Disk;
  readonly path: string;
  /** Largest size of the file, `segment.index.bytes`. */
  readonly bytesMax: number;
  /** True for a new or rebuilt index: what the file holds is dropped. `absent`: the same, and it is known that there is no file. */
  readonly fresh?: boolean | 'absent';
}

/** Entries kept back before they go to the file in one write; a crash loses them and recovery rebuilds them. */
const pendingEntriesMax = 512;
const firstCapacityBytes = 256;

/**
 * A file of fixed-size entries, held in memory while it is in use and written behind: an index costs an append nothing but
 * a few stores. The file never has a preallocated tail, so Kafka's "trim on close" is always done.
 */
export class IndexFile {
  readonly entriesMax: number;
  readonly #entryBytes: number;
  readonly #options: IndexFileOptions;
  #bytes: Buffer | undefined;
  #entries = 0;
  #written: number;
  #isWhole = true;
  /** Whether all that was written is known to be on the disk. */
  #isDurable = true;
  #exists = false;
  /** A new index of which nothing has been written yet: there is nothing to read. */
  #isFresh: boolean;

  constructor(entryBytes: number, options: IndexFileOptions) {
    this.#entryBytes = entryBytes;
    this.#options = options;
    this.entriesMax = Math.floor(options.bytesMax / entryBytes);
    this.#written = 0;
    this.#isFresh = options.fresh === true || options.fresh === 'absent';
    if (this.#isFresh) this.#isDurable = false;
    if (options.fresh === true) options.disk.remove(options.path);
  }

  /** There is neither an entry nor a file: a scan of the log says the same. */
  get isUnborn(): boolean {
    return this.#isFresh && this.#entries === 0;
  }

  /** Entries, back to back; only the first `entries` of them mean anything. */
  get bytes(): Buffer {
    this.#bytes ??= this.#load();
    return this.#bytes;
  }

  get entries(): number {
    this.#bytes ??= this.#load();
    return this.#entries;
  }

  /** False when the file was missing or its size is no multiple of the entry size. */
  get isWhole(): boolean {
    this.#bytes ??= this.#load();
    return this.#isWhole;
  }

  append(write: (bytes: Buffer, at: number) => void): void {
    let bytes = this.bytes;
    const at = this.#entries * this.#entryBytes;
    if (at + this.#entryBytes > bytes.length) {
      bytes = Buffer.alloc(bytes.length * 2);
      this.bytes.copy(bytes);
      this.#bytes = bytes;
    }
    write(bytes, at);
    this.#entries++;
    if (this.#entries - this.#written >= pendingEntriesMax) this.#writePending(false);
  }

  /** Number of the last entry for which `holds` is true, -1 when there is none; `holds` must turn from true to false once. */
  floor(holds: (bytes: Buffer, at: number) => boolean): number {
    const bytes = this.bytes;
    let low = -1;
    for (let high = this.#entries - 1; low < high; ) {
      const middle = (low + high + 1) >> 1;
      if (holds(bytes, middle * this.#entryBytes)) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  truncate(entries: number): void {
    if (entries >= this.entries) return;
    this.#entries = entries;
    if (this.#written <= entries) return;
    this.#written = entries;
    this.#isDurable = false;
    this.#withFile((file) => file.truncate(entries * this.#entryBytes));
  }

  /** Writes and syncs all entries, and creates the file when there is none. */
  settle(): void {
    if (!this.#bytes && !this.#isFresh) return;
    if (this.#isDurable && this.#exists && this.#written === this.#entries) return;
    this.#writePending(true);
  }

  /** The same without blocking; nothing is added meanwhile. */
  async settleInBackground(): Promise<void> {
    this.#writePending(false);
    const file = this.#options.disk.open(this.#options.path);
    try {
      await file.sync();
    } finally {
      file.close();
    }
    this.#isDurable = true;
  }

  #writePending(durable: boolean): void {
    const pending = this.bytes.subarray(this.#written * this.#entryBytes, this.#entries * this.#entryBytes);
    this.#withFile((file) => {
      if (file.size !== this.#written * this.#entryBytes) file.truncate(this.#written * this.#entryBytes);
      if (pending.length) file.append([pending]);
      if (durable) file.syncNow();
    });
    this.#written = this.#entries;
    this.#exists = true;
    this.#isFresh = false;
    this.#isDurable = durable;
  }

  /** Drops the entries from memory after they have been written; the next call reads the file again. */
  unload(): void {
    if (!this.#bytes) return;
    if (this.#written < this.#entries) this.settle();
    this.#bytes = undefined;
  }

  #withFile(use: (file: DiskFile) => void): void {
    const file = this.#options.disk.open(this.#options.path);
    try {
      use(file);
    } finally {
      file.close();
    }
  }

  #load(): Buffer {
    if (this.#isFresh) return Buffer.alloc(firstCapacityBytes);
    const content = this.#options.disk.readFile(this.#options.path);
    this.#exists = content !== undefined;
    this.#isWhole = content !== undefined && content.length % this.#entryBytes === 0;
    this.#entries = Math.min(Math.floor((content?.length ?? 0) / this.#entryBytes), this.entriesMax);
    this.#written = this.#entries;
    return content?.length ? Buffer.from(content) : Buffer.alloc(firstCapacityBytes);
  }
}
