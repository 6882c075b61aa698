import {
  close,
  closeSync,
  fdatasync,
  fdatasyncSync,
  fstatSync,
  ftruncateSync,
  readSync,
  writeSync,
  writevSync,
} from 'node:fs';
import type { DiskFile } from '../base/disk.ts';
import { diskError, onDisk } from './disk-error.ts';

interface Waiter {
  readonly resolve: () => void;
  readonly reject: (error: Error) => void;
}

/**
 * An open file over node:fs. Appends are synchronous (a 16 KiB write into the page cache costs a third of one thread-pool
 * round trip); fdatasync runs in the background and is shared: all callers that come while one is running wait for the
 * next one together (group commit).
 */
export class NodeDiskFile implements DiskFile {
  readonly path: string;
  readonly #descriptor: number;
  #size: number;
  #closed = false;
  #syncing = false;
  /** Callers whose bytes the running fdatasync may have missed. */
  #waiting: Waiter[] = [];
  /** Set by a failed fdatasync: the kernel may have dropped the dirty pages, so a later success would prove nothing. */
  #syncFailure: Error | undefined;

  constructor(path: string, descriptor: number) {
    this.path = path;
    this.#descriptor = descriptor;
    this.#size = onDisk('open', path, () => fstatSync(descriptor).size);
  }

  get size(): number {
    return this.#size;
  }

  append(chunks: readonly Uint8Array[]): void {
    const before = this.#size;
    try {
      this.#size += this.#writeAll(chunks, before);
    } catch (cause) {
      this.#cutBack(before);
      throw diskError('append', this.path, cause);
    }
  }

  read(target: Uint8Array, targetOffset: number, length: number, position: number): number {
    return onDisk('read', this.path, () => {
      let total = 0;
      while (total < length) {
        const count = readSync(this.#descriptor, target, targetOffset + total, length - total, position + total);
        if (count === 0) break;
        total += count;
      }
      return total;
    });
  }

  writeAt(position: number, bytes: Uint8Array): void {
    onDisk('write', this.path, () => {
      this.#writeAll([bytes], position);
    });
    this.#size = Math.max(this.#size, position + bytes.length);
  }

  truncate(size: number): void {
    onDisk('truncate', this.path, () => ftruncateSync(this.#descriptor, size));
    this.#size = size;
  }

  sync(): Promise<void> {
    if (this.#syncFailure) return Promise.reject(this.#syncFailure);
    return new Promise((resolve, reject) => {
      this.#waiting.push({ resolve, reject });
      if (!this.#syncing) this.#startSync();
    });
  }

  syncNow(): void {
    if (this.#syncFailure) throw this.#syncFailure;
    try {
      fdatasyncSync(this.#descriptor);
    } catch (cause) {
      this.#syncFailure = diskError('sync', this.path, cause);
      throw this.#syncFailure;
    }
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    // The running fdatasync still uses the descriptor; its end closes it.
    if (!this.#syncing) onDisk('close', this.path, () => closeSync(this.#descriptor));
  }

  #startSync(): void {
    const waiters = this.#waiting;
    this.#waiting = [];
    this.#syncing = true;
    fdatasync(this.#descriptor, (cause) => {
      this.#syncing = false;
      if (cause) this.#failSync(waiters, cause);
      else for (const waiter of waiters) waiter.resolve();
      if (this.#waiting.length > 0) this.#startSync();
      else if (this.#closed) close(this.#descriptor, () => {});
    });
  }

  #failSync(waiters: readonly Waiter[], cause: unknown): void {
    const failure = diskError('sync', this.path, cause);
    this.#syncFailure = failure;
    const all = [...waiters, ...this.#waiting];
    this.#waiting = [];
    for (const waiter of all) waiter.reject(failure);
  }

  /** Writes every byte at `position`, going on after short writes; returns how many there were. */
  #writeAll(chunks: readonly Uint8Array[], position: number): number {
    let total = 0;
    for (const chunk of chunks) total += chunk.length;
    if (total === 0) return 0;
    const single = chunks.length === 1 ? chunks[0] : undefined;
    let written = single
      ? writeSync(this.#descriptor, single, 0, single.length, position)
      : writevSync(this.#descriptor, chunks as Uint8Array[], position);
    while (written < total) {
      const rest = Buffer.concat(chunks as Uint8Array[]).subarray(written);
      const more = writeSync(this.#descriptor, rest, 0, rest.length, position + written);
      if (more === 0) throw new Error(`expected ${total} bytes to be written, found ${written}`);
      written += more;
    }
    return total;
  }

  #cutBack(size: number): void {
    try {
      ftruncateSync(this.#descriptor, size);
    } catch {
      // The append's own failure is the one to report; recovery cuts the torn batch at the next start.
    }
  }
}
