import type { Cancel, Clock } from '../../base/clock.ts';
import type { Disk } from '../../base/disk.ts';
import { MillraceError } from '../../base/errors.ts';
import type { Log } from '../../base/log.ts';
import { reservedDisk } from './reserved-disk.ts';

/** File that keeps room free for the metadata log and for checkpoints while records find none. */
export const diskReserveName = 'disk-reserve';
const reserveBytes = 1024 * 1024;
/** Room that a disk needs besides the reserve to be taken for mended: more than the append that found none, or it fails again at once. */
const headroomBytes = 4 * 1024 * 1024;
/** Wait before the disk is tried again, in ms; it doubles while the disk fails, and while it fails again soon after it was mended. */
const probeMsMin = 1_000;
const probeMsMax = 10_000;
/** How often a broker without its reserve tries to take it back, in ms: a disk can fill up again before records may be written. */
const reserveRetryMs = 1_000;
/** A disk that held this long, in ms, is taken for mended. */
const mendedAfterMs = 60_000;

/** What the system says when a disk is full, broken or may not be written. Other failures are those of one file. */
const diskFaults = new Set(['ENOSPC', 'EDQUOT', 'EIO', 'EROFS']);

export interface DiskStateOptions {
  readonly disk: Disk;
  readonly dataFolder: string;
  readonly clock: Clock;
  readonly log: Log;
}

/**
 * Whether the data folder can be written, for all parts of a broker to act on. The first failure makes it unwritable, is
 * logged once and gives the reserve free; from then on no records are written, and the disk is tried until the reserve fits
 * again, with some room to spare. A failed sync is for good: the system may have dropped what it did not write, so only a restart looks at the log.
 */
export class DiskState {
  readonly #options: DiskStateOptions;
  readonly #listeners: (() => void)[] = [];
  #reason: string | undefined;
  #sinceMs = 0;
  #writableSinceMs = Number.NEGATIVE_INFINITY;
  #probeMs = probeMsMin;
  #cancelProbe: Cancel = () => {};
  #cancelReserve: Cancel = () => {};
  #isStopped = false;
  #hasReserve = false;

  constructor(options: DiskStateOptions) {
    this.#options = options;
  }

  get isWritable(): boolean {
    return this.#reason === undefined;
  }

  /** Why the disk cannot be written; undefined while it can. */
  get reason(): string | undefined {
    return this.#reason;
  }

  /** For how long the disk has not been writable, in ms. */
  get unwritableMs(): number {
    return this.isWritable ? 0 : this.#options.clock.monotonic() - this.#sinceMs;
  }

  /** Hears of every change. */
  onChange(listener: () => void): void {
    this.#listeners.push(listener);
  }

  /** Takes the reserve. A disk that has no room for it is full. */
  start(): void {
    try {
      this.#takeReserve();
    } catch (error) {
      this.failed(error);
    }
  }

  /**
   * The disk, with the reserve behind it: a write that finds no room gives the reserve free and is tried once more. For what
   * a broker cannot do without; records are refused instead.
   * @param isNecessary which files have it; all when absent
   */
  withReserve(disk: Disk, isNecessary?: (path: string) => boolean): Disk {
    const mayRetry = (error: unknown) => {
      const hadReserve = this.#hasReserve;
      return this.failed(error) && hadReserve;
    };
    return reservedDisk(disk, mayRetry, isNecessary);
  }

  stop(): void {
    this.#isStopped = true;
    this.#cancelProbe();
    this.#cancelReserve();
  }

  /** To be told of what a write or a sync threw. Whether it is a fault of the disk, and so said and acted on here. */
  failed(error: unknown): boolean {
    if (!isDiskFault(error)) return false;
    if (this.#reason !== undefined || this.#isStopped) {
      this.#giveReserve();
      return true;
    }
    const { clock, log, dataFolder } = this.#options;
    this.#reason = `its disk cannot be written (${error.code})`;
    this.#sinceMs = clock.monotonic();
    const isForGood = error.code === 'DISK_SYNC_FAILED';
    const then = isForGood
      ? 'restart the broker when the disk is mended'
      : 'it goes on by itself when it can be written';
    log.error('the disk cannot be written', { dataFolder, code: error.code, reason: error.message, then });
    this.#giveReserve();
    if (!isForGood) this.#probeLater();
    this.#regainLater();
    this.#tell();
    return true;
  }

  /** The reserve alone comes back sooner than records are written again. */
  #regainLater(): void {
    this.#cancelReserve();
    this.#cancelReserve = this.#options.clock.after(reserveRetryMs, () => {
      if (this.isWritable) return;
      if (!this.#hasReserve) this.#tryReserve();
      this.#regainLater();
    });
  }

  #tryReserve(): void {
    try {
      this.#takeReserve();
    } catch {
      this.#giveReserve();
    }
  }

  #probeLater(): void {
    const { clock } = this.#options;
    const isMended = this.#sinceMs - this.#writableSinceMs > mendedAfterMs;
    this.#probeMs = isMended ? probeMsMin : Math.min(this.#probeMs * 2, probeMsMax);
    const probe = () => {
      try {
        this.#takeReserve(headroomBytes);
      } catch {
        this.#giveReserve();
        this.#tryReserve();
        this.#probeMs = Math.min(this.#probeMs * 2, probeMsMax);
        this.#cancelProbe = clock.after(this.#probeMs, probe);
        return;
      }
      this.#recovered();
    };
    this.#cancelProbe = clock.after(this.#probeMs, probe);
  }

  #recovered(): void {
    const { log, dataFolder } = this.#options;
    log.info('the disk can be written again', { dataFolder, afterMs: Math.round(this.unwritableMs) });
    this.#reason = undefined;
    this.#writableSinceMs = this.#options.clock.monotonic();
    this.#tell();
  }

  /** Makes the reserve; throws when that and `moreBytes` do not fit. */
  #takeReserve(moreBytes = 0): void {
    const { disk, dataFolder } = this.#options;
    const file = disk.open(`${dataFolder}/${diskReserveName}`);
    const neededBytes = reserveBytes + moreBytes;
    try {
      if (file.size < neededBytes) file.append([Buffer.alloc(neededBytes - file.size)]);
      if (moreBytes > 0) file.truncate(reserveBytes);
      this.#hasReserve = true;
    } finally {
      file.close();
    }
  }

  #giveReserve(): void {
    this.#hasReserve = false;
    try {
      this.#options.disk.remove(`${this.#options.dataFolder}/${diskReserveName}`);
    } catch {
      // A disk that refuses even this has said so already.
    }
  }

  #tell(): void {
    for (const listener of this.#listeners) listener();
  }
}

function isDiskFault(error: unknown): error is MillraceError {
  if (!(error instanceof MillraceError) || !error.code.startsWith('DISK_')) return false;
  if (error.code === 'DISK_FULL' || error.code === 'DISK_SYNC_FAILED') return true;
  return diskFaults.has(String(error.details?.systemCode));
}
