import type { Disk } from '../../../base/disk.ts';

/**
 * High watermarks. The file lags: a broker that restarts begins with an older one, never a newer one, and learns the present
 * one from its leader or, leading, from its followers.
 */
export const highWatermarkFileName = 'replication-offset-checkpoint';
/** Offsets below which a log is synced: after a crash only what follows is looked through. */
export const recoveryPointFileName = 'recovery-point-offset-checkpoint';
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

  constructor(disk: Disk, path: string) {
    this.#disk = disk;
    this.#path = path;
  }

  /** Entries of the file; none when it is missing or damaged, and then every offset counts as 0. */
  read(): CheckpointEntry[] {
    const text = this.#disk.readFile(this.#path)?.toString('utf8');
    return (text !== undefined && parseCheckpoint(text)) || [];
  }

  /** Replaces the file, unless it would stay the same. */
  write(entries: readonly CheckpointEntry[]): void {
    const text = formatCheckpoint(entries);
    if (text === this.#written) return;
    this.#disk.writeFileAtomic(this.#path, Buffer.from(text));
    this.#written = text;
  }
}
