import type { Disk } from '../../base/disk.ts';

/** A leader epoch and the offset of the first record written in it. */
export interface EpochStart {
  readonly epoch: number;
  readonly startOffset: number;
}

/** The answer to "where does epoch N end?". -1 and -1 when the log cannot tell. */
export interface EpochEnd {
  readonly epoch: number;
  readonly endOffset: number;
}

export const epochFileName = 'leader-epoch-checkpoint';
const fileVersion = '0';

/**
 * Leader epochs of one partition, oldest first, and their file `leader-epoch-checkpoint` (Kafka's text format: version,
 * count, then `epoch startOffset` lines). Changes reach the file with `save`: the log calls it before it relies on them
 * (flush, roll, truncation, close); after a crash recovery finds later ones in the batches.
 */
export class EpochCache {
  readonly #disk: Disk;
  readonly #path: string;
  #entries: EpochStart[] = [];
  #isDirty = false;
  /** What the file holds, when it holds something that can be read. */
  #saved: string | undefined;

  constructor(disk: Disk, folder: string) {
    this.#disk = disk;
    this.#path = `${folder}/${epochFileName}`;
  }

  /** Reads the file, if it `exists`; false when it is missing or unreadable, and then the cache is empty. */
  load(exists = true): boolean {
    const text = exists ? this.#disk.readFile(this.#path)?.toString('utf8') : undefined;
    const entries = parseEpochs(text);
    this.#saved = entries && text;
    this.#entries = entries ?? [];
    this.#isDirty = entries === undefined;
    return entries !== undefined;
  }

  /** Whether there is a file that can be read. */
  get isSaved(): boolean {
    return this.#saved !== undefined;
  }

  get entries(): readonly EpochStart[] {
    return this.#entries;
  }

  /** Latest epoch; -1 when none is known. */
  get latest(): number {
    return this.#entries.at(-1)?.epoch ?? -1;
  }

  /**
   * Notes that the record at `startOffset` is of `epoch`; it starts the epoch unless an earlier one is known. Entries that
   * contradict it (an epoch as high, a start as high) go: they belong to a log that was cut.
   */
  assign(epoch: number, startOffset: number): void {
    if (epoch < 0 || this.at(startOffset) === epoch) return;
    while (this.#entries.length) {
      const last = this.#entries.at(-1)!;
      if (last.epoch < epoch && last.startOffset < startOffset) break;
      this.#entries.pop();
    }
    this.#entries.push({ epoch, startOffset });
    this.#isDirty = true;
  }

  /** The largest epoch at or below `epoch` and the offset where it ends (KIP-101, KIP-279). `logEnd` closes the latest epoch. */
  endOf(epoch: number, logEnd: number): EpochEnd {
    if (epoch < 0) return { epoch: -1, endOffset: -1 };
    if (epoch === this.latest) return { epoch, endOffset: logEnd };
    const higherAt = this.#entries.findIndex((entry) => entry.epoch > epoch);
    const higher = this.#entries[higherAt];
    if (!higher) return { epoch: -1, endOffset: -1 };
    const floor = this.#entries[higherAt - 1];
    return { epoch: floor ? floor.epoch : epoch, endOffset: higher.startOffset };
  }

  /** Epoch of the record at `offset`; -1 when it is older than all that is known. */
  at(offset: number): number {
    for (let index = this.#entries.length - 1; index >= 0; index--) {
      if (this.#entries[index]!.startOffset <= offset) return this.#entries[index]!.epoch;
    }
    return -1;
  }

  /** Forgets epochs that start at or after `endOffset`: also when the log is already shorter (KAFKA-10706). */
  truncateFromEnd(endOffset: number): void {
    while (this.#entries.length && this.#entries.at(-1)!.startOffset >= endOffset) {
      this.#entries.pop();
      this.#isDirty = true;
    }
  }

  /** Forgets epochs that end at or before `startOffset`; the one that covers it now starts there. */
  truncateFromStart(startOffset: number): void {
    const keepFrom = this.#entries.findLastIndex((entry) => entry.startOffset <= startOffset);
    const covering = this.#entries[keepFrom];
    if (!covering || (covering.startOffset === startOffset && keepFrom === 0)) return;
    this.#entries.splice(0, keepFrom + 1, { epoch: covering.epoch, startOffset });
    this.#isDirty = true;
  }

  clear(): void {
    this.#isDirty ||= this.#entries.length > 0;
    this.#entries = [];
  }

  /**
   * Writes the file when something changed since it was last written. An epoch without a record, that begins at
   * `endOffset`, is no reason to: the next start would forget it.
   */
  save(endOffset = Number.MAX_SAFE_INTEGER): void {
    if (!this.#isDirty) return;
    const lasting = this.#entries.filter(({ startOffset }) => startOffset < endOffset);
    // A file that is missing says that there are none.
    if (this.#saved === textOf(lasting) || (this.#saved === undefined && lasting.length === 0)) return;
    this.#saved = textOf(this.#entries);
    this.#disk.writeFileAtomic(this.#path, Buffer.from(this.#saved));
    this.#isDirty = false;
  }
}

function textOf(entries: readonly EpochStart[]): string {
  const lines = entries.map((entry) => `${entry.epoch} ${entry.startOffset}`);
  return [fileVersion, lines.length, ...lines, ''].join('\n');
}

function parseEpochs(text: string | undefined): EpochStart[] | undefined {
  if (text === undefined) return undefined;
  const [version, count, ...lines] = text.trimEnd().split('\n');
  if (version !== fileVersion || Number(count) !== lines.length) return undefined;
  const entries: EpochStart[] = [];
  for (const line of lines) {
    const match = /^(\d+) (\d+)$/.exec(line);
    const entry = match && { epoch: Number(match[1]), startOffset: Number(match[2]) };
    const previous = entries.at(-1);
    if (!entry || (previous && (previous.epoch >= entry.epoch || previous.startOffset > entry.startOffset)))
      return undefined;
    entries.push(entry);
  }
  return entries;
}
