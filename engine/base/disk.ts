/**
 * Files, as the broker needs them. Calls are synchronous except `sync`: an append to the page cache costs a few
 * microseconds, while a thread-pool round trip costs more; only fdatasync blocks long enough to be worth a thread.
 * Every failure is a MillraceError with code `DISK_*` and the system's error as its cause.
 * The simulated disk loses what was written but not synced when its broker crashes.
 */
export interface Disk {
  /** How many files and sockets may be open at a time, as far as the machine tells. */
  readonly descriptorsMax?: number | undefined;
  /** Room of the file system that holds `path`; undefined where nobody can tell. */
  space?(path: string): DiskSpace | undefined;
  /** Opens a file for reading and appending; creates it (not its folder) when it is missing. */
  open(path: string): DiskFile;
  /** The whole file, or undefined when it does not exist. */
  readFile(path: string): Buffer | undefined;
  /** Replaces a file as a whole: temporary file, fdatasync, rename, fsync of the folder. After a crash either the old or the new content is there. */
  writeFileAtomic(path: string, content: Uint8Array): void;
  /** Names in a folder, sorted; empty when the folder does not exist. */
  list(path: string): readonly string[];
  /** Creates a folder and its parents. */
  makeFolder(path: string): void;
  /** Atomically renames a file or folder. */
  rename(from: string, to: string): void;
  /** Removes a file or a folder with all that is in it; nothing happens when it is missing. */
  remove(path: string): void;
}

/** Room of a file system, in bytes. */
export interface DiskSpace {
  readonly totalBytes: number;
  /** What this process may still write. */
  readonly usableBytes: number;
}

/** An open file. */
export interface DiskFile {
  readonly path: string;
  /** Length in bytes, counting everything that was appended. */
  readonly size: number;
  /** Appends all chunks in order (one writev). A failed append leaves the file cut back to its old size. */
  append(chunks: readonly Uint8Array[]): void;
  /** Reads up to `length` bytes at `position` into `target` at `targetOffset`; returns how many there were. */
  read(target: Uint8Array, targetOffset: number, length: number, position: number): number;
  /** Overwrites bytes inside the file (index files, checkpoints). */
  writeAt(position: number, bytes: Uint8Array): void;
  /** Cuts the file to `size` bytes. */
  truncate(size: number): void;
  /** Makes everything appended before the call durable, in the background (shared fdatasync). Rejects with `DISK_SYNC_FAILED`. */
  sync(): Promise<void>;
  /** The same, blocking: votes, and nothing on a hot path. */
  syncNow(): void;
  close(): void;
}
