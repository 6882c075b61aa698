import { assert } from '../assert.ts';
import type { Disk, DiskFile } from '../disk.ts';
import { MillraceError } from '../errors.ts';
import type { Random } from '../random.ts';
import { randomBelow } from '../random.ts';

/** How a crash treats bytes that were not synced. */
export interface CrashOptions {
  /**
   * `lose`: all of them are gone. `tear`: of each file a random part of them survives, and now and then bytes of the part
   * that survives are zeros (a file that grew before its blocks were written). `keep`: the process died, the machine did not.
   */
  readonly unsynced: 'lose' | 'tear' | 'keep';
}

/** Chance that a torn file ends in zeros instead of ending early. */
const zeroedTailChance = 0.25;

interface MemoryFile {
  bytes: Buffer;
  size: number;
  /** Bytes from the start that a crash leaves alone. */
  durableSize: number;
  /** What the durable bytes were before they were overwritten or cut; undefined while they were not. */
  before: Buffer | undefined;
}

/**
 * Files in memory, with crashes: what was not synced may be lost. Renames, removals, new folders and `writeFileAtomic` are
 * durable at once. Handles opened before a crash are dead after it. For tests and the simulator; bounded by `bytesMax`.
 */
export class MemoryDisk implements Disk {
  readonly #files = new Map<string, MemoryFile>();
  readonly #folders = new Set<string>();
  readonly #random: Random;
  /** Size of the disk in bytes; a write beyond it fails with `DISK_FULL`. */
  bytesMax: number;
  /** Files that may be open at a time; beyond it opening fails with `DISK_OPEN_FAILED`, system code `EMFILE`. */
  descriptorsMax: number | undefined;
  #openFiles = 0;
  #life = 0;
  #usedBytes = 0;
  /** Runs what completes a sync; replace it to give syncs a duration on a simulated clock. */
  scheduleSync: (complete: () => void) => void = (complete) => queueMicrotask(complete);
  /** Called before each write and sync with its kind and path; throw from it to make the call fail. */
  beforeWrite: (kind: 'append' | 'writeAt' | 'truncate' | 'sync' | 'atomic', path: string) => void = () => {};

  /** `bytesMax`: size of the disk; a write beyond it fails with `DISK_FULL`. */
  constructor(random: Random, bytesMax = 2 ** 30) {
    this.#random = random;
    this.bytesMax = bytesMax;
  }

  /** Power off and on. Open handles stop working. */
  crash(options: CrashOptions = { unsynced: 'lose' }): void {
    this.#life++;
    this.#openFiles = 0;
    if (options.unsynced === 'keep') return;
    for (const path of [...this.#files.keys()].sort())
      this.#forget(this.#files.get(path)!, options.unsynced === 'tear');
  }

  #forget(file: MemoryFile, isTorn: boolean): void {
    if (file.before && !(isTorn && this.#random.next() < 0.5)) {
      this.#resize(file, file.before.length);
      file.before.copy(file.bytes);
    } else {
      const unsynced = Math.max(file.size - file.durableSize, 0);
      const kept = isTorn ? randomBelow(this.#random, unsynced + 1) : 0;
      this.#resize(file, file.size - unsynced + kept);
      if (kept && this.#random.next() < zeroedTailChance)
        file.bytes.fill(0, file.size - randomBelow(this.#random, kept + 1), file.size);
    }
    file.before = undefined;
    file.durableSize = file.size;
  }

  /** Bytes of all files. */
  get usedBytes(): number {
    return this.#usedBytes;
  }

  /** Files that are open now. */
  get openFiles(): number {
    return this.#openFiles;
  }

  #needDescriptor(path: string): void {
    if (this.descriptorsMax === undefined || this.#openFiles < this.descriptorsMax) return;
    const details = { path, systemCode: 'EMFILE' };
    throw new MillraceError('DISK_OPEN_FAILED', `cannot open ${path}: EMFILE`, { retriable: true, details });
  }

  open(path: string): DiskFile {
    this.#needDescriptor(path);
    let file = this.#files.get(path);
    if (!file) {
      file = { bytes: Buffer.alloc(0), size: 0, durableSize: 0, before: undefined };
      this.#files.set(path, file);
    }
    return this.#handle(path, file);
  }

  #handle(path: string, file: MemoryFile): DiskFile {
    const life = this.#life;
    let isOpen = true;
    this.#openFiles++;
    const check = (): void => {
      assert(isOpen, `${path} is open`);
      if (life !== this.#life)
        throw new MillraceError('DISK_CLOSED', `${path}: the machine has crashed since it was opened`);
    };
    const write = (kind: 'append' | 'writeAt' | 'truncate' | 'sync'): void => {
      check();
      this.beforeWrite(kind, path);
    };
    const settle = (size: number): void => {
      file.durableSize = Math.max(file.durableSize, Math.min(size, file.size));
      file.before = undefined;
    };
    return {
      path,
      get size() {
        return file.size;
      },
      append: (chunks) => {
        write('append');
        for (const chunk of chunks) this.#put(file, file.size, chunk);
      },
      read: (target, targetOffset, length, position) => {
        check();
        const count = Math.max(Math.min(length, file.size - position), 0);
        target.set(file.bytes.subarray(position, position + count), targetOffset);
        return count;
      },
      writeAt: (position, bytes) => {
        write('writeAt');
        if (position < file.durableSize) file.before ??= Buffer.from(file.bytes.subarray(0, file.durableSize));
        this.#put(file, position, bytes);
      },
      truncate: (size) => {
        write('truncate');
        if (size < file.durableSize) file.before ??= Buffer.from(file.bytes.subarray(0, file.durableSize));
        this.#resize(file, size);
        file.durableSize = Math.min(file.durableSize, size);
      },
      sync: async () => {
        write('sync');
        const { size } = file;
        await new Promise<void>((resolve) => this.scheduleSync(resolve));
        if (life !== this.#life)
          throw new MillraceError('DISK_SYNC_FAILED', `${path}: the machine crashed during the sync`);
        settle(size);
      },
      syncNow: () => {
        write('sync');
        settle(file.size);
      },
      close: () => {
        if (isOpen && life === this.#life) this.#openFiles--;
        isOpen = false;
      },
    };
  }

  #put(file: MemoryFile, position: number, bytes: Uint8Array): void {
    this.#resize(file, Math.max(file.size, position + bytes.length));
    file.bytes.set(bytes, position);
  }

  #resize(file: MemoryFile, size: number): void {
    const growth = size - file.size;
    if (growth > 0 && this.#usedBytes + growth > this.bytesMax)
      throw new MillraceError('DISK_FULL', `a disk of ${this.bytesMax} bytes has no room for ${growth} more`);
    if (size > file.bytes.length) {
      const larger = Buffer.alloc(Math.max(size, file.bytes.length * 2, 256));
      file.bytes.copy(larger, 0, 0, file.size);
      file.bytes = larger;
    }
    if (growth < 0) file.bytes.fill(0, size, file.size);
    this.#usedBytes += growth;
    file.size = size;
  }

  readFile(path: string): Buffer | undefined {
    this.#needDescriptor(path);
    const file = this.#files.get(path);
    return file && Buffer.from(file.bytes.subarray(0, file.size));
  }

  writeFileAtomic(path: string, content: Uint8Array): void {
    this.#needDescriptor(path);
    this.beforeWrite('atomic', path);
    this.remove(path);
    const file = { bytes: Buffer.alloc(0), size: 0, durableSize: 0, before: undefined };
    this.#put(file, 0, content);
    file.durableSize = file.size;
    this.#files.set(path, file);
  }

  list(path: string): readonly string[] {
    const names = new Set<string>();
    for (const known of [...this.#files.keys(), ...this.#folders]) {
      if (known.startsWith(`${path}/`)) names.add(known.slice(path.length + 1).split('/')[0]!);
    }
    return [...names].sort();
  }

  makeFolder(path: string): void {
    this.#folders.add(path);
  }

  rename(from: string, to: string): void {
    for (const [path, file] of [...this.#files]) {
      if (path !== from && !path.startsWith(`${from}/`)) continue;
      this.#usedBytes -= this.#files.get(to + path.slice(from.length))?.size ?? 0;
      this.#files.delete(path);
      this.#files.set(to + path.slice(from.length), file);
    }
    for (const path of [...this.#folders]) {
      if (path !== from && !path.startsWith(`${from}/`)) continue;
      this.#folders.delete(path);
      this.#folders.add(to + path.slice(from.length));
    }
  }

  remove(path: string): void {
    for (const [known, file] of [...this.#files]) {
      if (known !== path && !known.startsWith(`${path}/`)) continue;
      this.#usedBytes -= file.size;
      this.#files.delete(known);
    }
    for (const known of [...this.#folders])
      if (known === path || known.startsWith(`${path}/`)) this.#folders.delete(known);
  }
}
