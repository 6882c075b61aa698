import {
  closeSync,
  constants,
  fdatasyncSync,
  fsyncSync,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statfsSync,
  writeSync,
} from 'node:fs';
import { dirname } from 'node:path';
import type { Disk, DiskFile, DiskSpace } from '../base/disk.ts';
import { descriptorsMax } from './descriptors-max.ts';
import { onDisk } from './disk-error.ts';
import { NodeDiskFile } from './node-disk-file.ts';

/** Only the user that runs the broker reads its data. */
const fileMode = 0o600;
const folderMode = 0o700;

/** Files of this machine. O_APPEND is not used: Linux would then ignore the position of `writeAt`. */
export class NodeDisk implements Disk {
  /** Read once: it does not change while the process runs. */
  readonly descriptorsMax = descriptorsMax();
  readonly #temporaryEnding: string;

  /** A folder that several processes write to needs a `temporaryEnding` of each: what they write at the same time would be mixed. */
  constructor(temporaryEnding = '.tmp') {
    this.#temporaryEnding = temporaryEnding;
  }

  space(path: string): DiskSpace {
    const { bsize, blocks, bavail } = onDisk('stat', path, () => statfsSync(path));
    return { totalBytes: blocks * bsize, usableBytes: bavail * bsize };
  }

  open(path: string): DiskFile {
    const descriptor = onDisk('open', path, () => openSync(path, constants.O_RDWR | constants.O_CREAT, fileMode));
    return new NodeDiskFile(path, descriptor);
  }

  readFile(path: string): Buffer | undefined {
    return onDisk('read', path, () => orMissing(() => (exists(path) ? readFileSync(path) : undefined)));
  }

  writeFileAtomic(path: string, content: Uint8Array): void {
    onDisk('write', path, () => {
      const temporary = `${path}${this.#temporaryEnding}`;
      const descriptor = openSync(temporary, 'w', fileMode);
      try {
        for (let at = 0; at < content.length; ) at += writeSync(descriptor, content, at, content.length - at);
        fdatasyncSync(descriptor);
      } finally {
        closeSync(descriptor);
      }
      renameSync(temporary, path);
      syncFolder(dirname(path));
    });
  }

  list(path: string): readonly string[] {
    return onDisk('list', path, () => orMissing(() => (exists(path) ? readdirSync(path).sort() : undefined)) ?? []);
  }

  makeFolder(path: string): void {
    onDisk('create', path, () => mkdirSync(path, { recursive: true, mode: folderMode }));
  }

  rename(from: string, to: string): void {
    onDisk('rename', from, () => renameSync(from, to));
  }

  remove(path: string): void {
    if (onDisk('remove', path, () => exists(path)))
      onDisk('remove', path, () => rmSync(path, { recursive: true, force: true }));
  }
}

/** Makes a rename durable. Windows has no folder handle to sync; its journal covers the rename. */
function syncFolder(path: string): void {
  if (process.platform === 'win32') return;
  const descriptor = openSync(path, 'r');
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

/** Asked first where much is missing: an error that is thrown and caught costs several times as much. */
function exists(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false }) !== undefined;
}

function orMissing<T>(call: () => T): T | undefined {
  try {
    return call();
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    throw error;
  }
}
