import type { Cancel, Clock } from '../../../base/clock.ts';
import type { Disk } from '../../../base/disk.ts';
import { messageOf } from '../../../base/errors.ts';
import type { Log } from '../../../base/log.ts';

/** Rest between two removals, in ms: a topic of a thousand partitions must not hold the broker while its files go. */
const restMs = 1;

/** Folders that are removed some time from now, one at a time. What has not gone when the broker stops is found at its next start. */
export class FolderRemovals {
  readonly #disk: Disk;
  readonly #clock: Clock;
  readonly #log: Log;
  readonly #due: { readonly path: string; readonly atMs: number }[] = [];
  #cancel: Cancel | undefined;

  constructor({ disk, clock, log }: { disk: Disk; clock: Clock; log: Log }) {
    this.#disk = disk;
    this.#clock = clock;
    this.#log = log;
  }

  /** Removes `path` after `delayMs`. */
  add(path: string, delayMs: number): void {
    const atMs = this.#clock.monotonic() + delayMs;
    let at = this.#due.length;
    while (at > 0 && this.#due[at - 1]!.atMs > atMs) at--;
    this.#due.splice(at, 0, { path, atMs });
    if (at === 0) this.#arm();
  }

  /** Nothing is removed from now on. */
  stop(): void {
    this.#cancel?.();
    this.#cancel = undefined;
    this.#due.length = 0;
  }

  #arm(): void {
    this.#cancel?.();
    const next = this.#due[0];
    if (!next) return;
    const waitMs = Math.max(next.atMs - this.#clock.monotonic(), restMs);
    this.#cancel = this.#clock.after(waitMs, () => {
      this.#due.shift();
      try {
        this.#disk.remove(next.path);
      } catch (error) {
        this.#log.warn('cannot remove a deleted partition; the next start tries again', {
          folder: next.path,
          reason: messageOf(error),
        });
      }
      this.#arm();
    });
  }
}
