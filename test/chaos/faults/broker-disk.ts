import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync, statfsSync } from 'node:fs';
import { join } from 'node:path';

const sizeBytes = 2 * 1024 ** 3;
const ballast = 'ballast';

/** Why a disk cannot be filled here; undefined when it can. */
export function whyNoBrokerDisk(): string | undefined {
  if (process.platform !== 'linux') return 'not Linux';
  return process.getuid?.() === 0 ? undefined : 'not root';
}

/** A small disk of its own for one broker, in memory: it outlives the broker's process. */
export class BrokerDisk {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
    mkdirSync(folder, { recursive: true });
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${sizeBytes}`, 'none', folder]);
  }

  /** Leaves nothing for the broker. */
  fill(): void {
    const { bavail, bsize } = statfsSync(this.#folder);
    execFileSync('fallocate', ['-l', String(bavail * bsize), this.#ballast]);
  }

  /** Room again. */
  clear(): void {
    rmSync(this.#ballast, { force: true });
  }

  close(): void {
    execFileSync('umount', ['-l', this.#folder]);
  }

  get #ballast(): string {
    return join(this.#folder, ballast);
  }
}
