import type { Disk } from '../../../base/disk.ts';

/**
 * High watermarks. The file lags: a broker that restarts begins with an older one, never a newer one, and learns the present
 * one from its leader or, leading, from its followers.
 */
export const highWatermarkFileName = 'replication-offset-checkpoint';
/** Offsets below which a log is synced: after a crash only what follows is looked through. */
export const recoveryPointFileName = 'recovery-point-offset-checkpoint';
/** Offsets up to which compacted logs have been compacted: what follows is dirty. */
export const cleanedOffsetFileName = 'cleaner-offset-checkpoint';
const fileVersion = '0';

/** The offset of one partition as it was last written. */
export interface CheckpointEntry {
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
}

/** Kafka's text format: version, count, then a line `topic partition offset` each. */
export function formatCheckpoint(entries: readonly CheckpointEntry[]): string {
  const lines = entries.map((entry) => `${entry.topic} ${entry.partition} ${entry.offset}`);
  return [fileVersion, String(lines.length), ...lines, ''].join('\n');
}

/** The entries of a checkpoint; undefined when the text is not one. */
export function parseCheckpoint(text: string): CheckpointEntry[] | undefined {
  const [version, count, ...lines] = text.trimEnd().split('\n');
  if (version !== fileVersion || Number(count) !== lines.length) return undefined;
  const entries: CheckpointEntry[] = [];
  for (const line of lines) {
    const match = /^(\S+) (\d+) (\d+)$/.exec(line);
    if (!match?.[1]) return undefined;
    entries.push({ topic: match[1], partition: Number(match[2]), offset: Number(match[3]) });
  }
  return entries;
}

/** A file with one offset for each partition of a data folder. */
export class OffsetCheckpoint {
  readonly #disk: Disk;
  readonly #path: string;
  #written = '';
  /** Counts the calls of `write`, so that one in the background does not replace what is newer. */
  #writes = 0;
  #background: Promise<void> | undefined;

  constructor(disk: Disk, path: string) {
    this.#disk = disk;
    this.#path = path;
  }

  /** Entries of the file; none when it is missing or damaged, and then every offset counts as 0. */
  read(): CheckpointEntry[] {
    const text = this.#disk.readFile(this.#path)?.toString('utf8');
    return (text !== undefined && parseCheckpoint(text)) || [];
  }

  /** Replaces the file, unless it would stay the same. Blocks until it is durable. */
  write(entries: readonly CheckpointEntry[]): void {
    const text = formatCheckpoint(entries);
    this.#writes++;
    if (text === this.#written) return;
    this.#disk.writeFileAtomic(this.#path, Buffer.from(text));
    this.#written = text;
  }

  /**
   * The same without blocking, for what is written again and again: under load a sync takes as long as the disk needs for
   * everything written before it, seconds at times. After a crash the file is the new one or one before it. A call while one
   * is under way waits for that one and writes nothing; a `write` meanwhile wins.
   */
  writeInBackground(entries: readonly CheckpointEntry[]): Promise<void> {
    const text = formatCheckpoint(entries);
    if (this.#background || text === this.#written) return this.#background ?? Promise.resolve();
    this.#background = this.#replace(text).finally(() => {
      this.#background = undefined;
    });
    return this.#background;
  }

  async #replace(text: string): Promise<void> {
    const writes = this.#writes;
    const nextPath = `${this.#path}.next`;
    const file = this.#disk.open(nextPath);
    try {
      file.truncate(0);
      file.append([Buffer.from(text)]);
      await file.sync();
    } finally {
      file.close();
    }
    if (writes !== this.#writes) return;
    this.#disk.rename(nextPath, this.#path);
    this.#written = text;
  }
}
