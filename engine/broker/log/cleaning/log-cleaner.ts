import type { Cancel, Clock } from '../../../base/clock.ts';
import { MillraceError, messageOf } from '../../../base/errors.ts';
import type { Log } from '../../../base/log.ts';
import type { Random } from '../../../base/random.ts';
import type { InflationGate } from '../checks/inflation-gate.ts';
import type { PartitionLog } from '../partition-log.ts';
import type { CleanableRange } from './cleanable-range.ts';
import type { CleanerSettings } from './cleaner-settings.ts';
import { CleaningAborted } from './cleaning-tools.ts';
import { hashKeyBytes, KeyHash } from './key-hash.ts';
import { Pace } from './pace.ts';

/** Where each log was last compacted to, as a file keeps it. */
export interface CleanedOffset {
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
}

/** A log that may be compacted. */
export interface CleanableLog {
  readonly topic: string;
  readonly partition: number;
  readonly log: PartitionLog;
  /** Offset below which the outcome of every record is known. */
  readonly stableOffset: () => number;
}

export interface LogCleanerOptions {
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  readonly settings: () => CleanerSettings;
  readonly inflations: InflationGate;
  /** Kafka's `cleaner-offset-checkpoint`. */
  readonly checkpoint: {
    read(): readonly CleanedOffset[];
    writeInBackground(entries: readonly CleanedOffset[]): Promise<void>;
  };
  /** Whether there is a disk to write to; while there is none nothing is compacted. */
  readonly isWritable: () => boolean;
  /** Hears what the disk failed with. */
  readonly onDiskFailure: (error: unknown) => void;
}

/** What a cleaner has done and has to do, for metrics. */
export interface CleanerStatus {
  readonly cleanings: number;
  readonly bytesRead: number;
  readonly bytesWritten: number;
  /** Logs with a batch that cannot be read: they are not compacted until a restart. */
  readonly uncleanable: number;
  /** Bytes that wait for compaction in those. */
  readonly uncleanableBytes: number;
  /** The largest share of a log that is not compacted, 0 to 1, at the last look, and how long ago that was, in ms. */
  readonly dirtyRatioMax: number;
  readonly sinceLookMs: number;
}

const keyOf = (topic: string, partition: number) => `${topic}-${partition}`;

/**
 * Compacts the logs of a broker one after the other, that with the largest dirty share first, in slices between which the
 * broker goes on. A log with a damaged batch is left as it is and told of; nothing of it is lost.
 */
export class LogCleaner {
  readonly #options: LogCleanerOptions;
  readonly #hash: KeyHash;
  readonly #logs = new Map<string, CleanableLog>();
  /** Offsets of the file of logs that are not open yet. */
  readonly #stored = new Map<string, CleanedOffset>();
  readonly #uncleanable = new Map<CleanableLog, number>();
  #cleanings = 0;
  #bytesRead = 0;
  #bytesWritten = 0;
  #dirtyRatioMax = 0;
  #lookedAtMs = 0;
  #cancel: Cancel = () => {};
  #isStopped = false;

  constructor(options: LogCleanerOptions) {
    this.#options = options;
    this.#lookedAtMs = options.clock.monotonic();
    this.#hash = new KeyHash(options.random.bytes(hashKeyBytes));
  }

  /** Reads the checkpoint; to be called before logs are added. */
  start(): void {
    for (const entry of this.#options.checkpoint.read()) this.#stored.set(keyOf(entry.topic, entry.partition), entry);
    this.#lookLater();
  }

  /** Begins nothing more; a cleaning that is under way ends with its slice. */
  stop(): void {
    this.#isStopped = true;
    this.#cancel();
  }

  get status(): CleanerStatus {
    let uncleanableBytes = 0;
    for (const bytes of this.#uncleanable.values()) uncleanableBytes += bytes;
    return {
      cleanings: this.#cleanings,
      bytesRead: this.#bytesRead,
      bytesWritten: this.#bytesWritten,
      uncleanable: this.#uncleanable.size,
      uncleanableBytes,
      dirtyRatioMax: this.#dirtyRatioMax,
      sinceLookMs: this.#options.clock.monotonic() - this.#lookedAtMs,
    };
  }

  /** A log was opened. One that holds less than the checkpoint says is another log of the same name. */
  add(log: CleanableLog): void {
    const key = keyOf(log.topic, log.partition);
    const stored = this.#stored.get(key);
    this.#stored.delete(key);
    if (stored && stored.offset <= log.log.endOffset) log.log.cleanedOffset = stored.offset;
    this.#logs.set(key, log);
  }

  /** A log is gone. */
  delete(topic: string, partition: number): void {
    const key = keyOf(topic, partition);
    const log = this.#logs.get(key);
    if (!log) return;
    this.#logs.delete(key);
    this.#uncleanable.delete(log);
    if (log.log.cleanedOffset !== undefined) void this.#writeCheckpoint();
  }

  #lookLater(): void {
    if (this.#isStopped) return;
    this.#cancel = this.#options.clock.after(this.#options.settings().backoffMs, () => {
      void this.#cleanAll().finally(() => this.#lookLater());
    });
  }

  async #cleanAll(): Promise<void> {
    while (!this.#isStopped && this.#options.settings().isEnabled && this.#options.isWritable()) {
      const found = this.#filthiest();
      if (!found || !(await this.#clean(...found))) return;
    }
  }

  /** The log that is due with the largest dirty share. */
  #filthiest(): [CleanableLog, CleanableRange] | undefined {
    let found: [CleanableLog, CleanableRange] | undefined;
    this.#dirtyRatioMax = 0;
    this.#lookedAtMs = this.#options.clock.monotonic();
    for (const cleanable of this.#logs.values()) {
      const { log } = cleanable;
      if (!log.config.isCompacted || log.segmentCount < 2) continue;
      const range = log.cleanableRange(cleanable.stableOffset(), log.cleanedOffset);
      if (this.#uncleanable.has(cleanable)) {
        this.#uncleanable.set(cleanable, range.dirtyBytes);
        continue;
      }
      this.#dirtyRatioMax = Math.max(this.#dirtyRatioMax, range.dirtyRatio);
      if (range.isDue && (!found || range.dirtyRatio > found[1].dirtyRatio)) found = [cleanable, range];
    }
    return found;
  }

  /** False when nothing more should be tried for now. */
  async #clean(cleanable: CleanableLog, range: CleanableRange): Promise<boolean> {
    const { clock, log, inflations } = this.#options;
    const { dedupeBufferBytes, loadFactor, ioBufferBytes, ioBytesPerSecondMax } = this.#options.settings();
    const pace = new Pace(clock, ioBytesPerSecondMax);
    const partition = keyOf(cleanable.topic, cleanable.partition);
    const startMs = clock.monotonic();
    try {
      const result = await cleanable.log.clean(range, {
        hash: this.#hash,
        dedupeBytesMax: dedupeBufferBytes,
        loadFactor,
        ioBytes: ioBufferBytes,
        inflations,
        pace: async (bytes) => {
          await pace.wait(bytes);
          if (this.#isStopped) throw new CleaningAborted('the cleaner stops');
        },
      });
      if (!result) return this.#logs.get(partition) === cleanable;
      cleanable.log.cleanedOffset = result.endOffset;
      this.#cleanings++;
      this.#bytesRead += result.bytesBefore;
      this.#bytesWritten += result.bytesAfter;
      log.info('compacted a log', { partition, ...result, ms: Math.round(clock.monotonic() - startMs) });
      await this.#writeCheckpoint();
      return true;
    } catch (error) {
      return this.#failed(cleanable, range, error);
    }
  }

  /** A disk without room, or that fails, gets another chance later; what cannot be read is not read again. */
  #failed(cleanable: CleanableLog, range: CleanableRange, error: unknown): boolean {
    const partition = keyOf(cleanable.topic, cleanable.partition);
    if (this.#isStopped || this.#logs.get(partition) !== cleanable) return false;
    const reason = messageOf(error);
    if (error instanceof MillraceError && error.code === 'DISK_FULL') {
      this.#options.log.warn('no room to compact a log', { partition, reason });
      return false;
    }
    if (error instanceof MillraceError && error.code.startsWith('DISK_')) {
      this.#options.onDiskFailure(error);
      this.#options.log.error('cannot compact a log', { partition, reason });
      return false;
    }
    this.#uncleanable.set(cleanable, range.dirtyBytes);
    const details = error instanceof MillraceError ? error.details : {};
    this.#options.log.error('a log cannot be compacted and stays as it is', { partition, reason, ...details });
    return true;
  }

  async #writeCheckpoint(): Promise<void> {
    const entries = [...this.#stored.values()];
    for (const { topic, partition, log } of this.#logs.values())
      if (log.cleanedOffset !== undefined) entries.push({ topic, partition, offset: log.cleanedOffset });
    try {
      await this.#options.checkpoint.writeInBackground(entries);
    } catch (error) {
      this.#options.onDiskFailure(error);
    }
  }
}
