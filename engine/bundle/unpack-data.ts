import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { messageOf } from '../base/errors.ts';
import { lockFolder } from '../host/folder-lock.ts';
import { BundleError } from './bundle-error.ts';

const prefix = 'millrace-bundle-';

/** The data of a bundle in a folder, because activities read their files by path. */
export interface UnpackedData {
  readonly folder: string;
  /** Removes it; a second call does nothing. */
  remove(): void;
}

/**
 * Writes the data files of a bundle into a temporary folder that this process holds by a lock, and removes what runs that were
 * killed have left there. Throws BUNDLE_UNPACK_FAILED.
 */
export function unpackData(data: ReadonlyMap<string, Uint8Array>, name: string): UnpackedData {
  let held = '';
  let release = () => {};
  const remove = () => {
    release();
    if (held) rmSync(held, { recursive: true, force: true });
  };
  try {
    removeLeftovers();
    held = mkdtempSync(join(tmpdir(), prefix));
    release = lockFolder(held);
    const folder = join(held, 'data');
    mkdirSync(folder);
    for (const [path, bytes] of data) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), bytes, { mode: 0o600 });
    }
    return { folder, remove };
  } catch (cause) {
    remove();
    throw new BundleError('BUNDLE_UNPACK_FAILED', `${name}: could not unpack its data: ${messageOf(cause)}`, { cause });
  }
}

/** Whoever gets the lock of a folder knows that nobody uses it any more. One without a lock is being made just now. */
function removeLeftovers(): void {
  for (const entry of readdirSync(tmpdir())) {
    const folder = join(tmpdir(), entry);
    if (!entry.startsWith(prefix) || !existsSync(join(folder, '.lock'))) continue;
    try {
      lockFolder(folder)();
      rmSync(folder, { recursive: true, force: true });
    } catch {
      // In use, or another user's.
    }
  }
}
