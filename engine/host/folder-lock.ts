import { closeSync, mkdirSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { MillraceError } from '../base/errors.ts';
import { diskError } from './disk-error.ts';
import { isRunning, startTokenOf } from './process-identity.ts';

/** Tries to take the place of a stale lock before the call gives up. */
const takeoverTriesMax = 3;

/** Folders locked by this process: a second broker in the same process must not share one either. */
const lockedHere = new Set<string>();

/** Releases a folder; a second call does nothing. */
export type ReleaseLock = () => void;

/**
 * Takes `<folder>/.lock` for this process, so that no two brokers write the same files. A lock whose process no longer
 * runs (crash, kill -9, restart of the machine) is taken over.
 * Throws MillraceError `DATA_FOLDER_LOCKED` with the holder's process id in `details.pid`.
 */
export function lockFolder(folder: string): ReleaseLock {
  const path = join(resolve(folder), '.lock');
  if (lockedHere.has(path)) throw locked(folder, process.pid);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  for (let tries = 0; tries < takeoverTriesMax; tries++) {
    if (create(path)) {
      lockedHere.add(path);
      return () => release(path);
    }
    const holder = readHolder(path);
    if (holder && isRunning(holder.pid, holder.startToken)) throw locked(folder, holder.pid);
    rmSync(path, { force: true });
  }
  throw locked(folder, readHolder(path)?.pid ?? 0);
}

function create(path: string): boolean {
  let descriptor: number;
  try {
    descriptor = openSync(path, 'wx', 0o600);
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw diskError('lock', path, cause);
  }
  writeSync(descriptor, JSON.stringify({ pid: process.pid, startToken: startTokenOf(process.pid) ?? '' }));
  closeSync(descriptor);
  return true;
}

function readHolder(path: string): { pid: number; startToken: string } | undefined {
  try {
    const parsed: unknown = JSON.parse(readFileSync(path, 'utf8'));
    if (typeof parsed !== 'object' || parsed === null) return undefined;
    const { pid, startToken } = parsed as { pid?: unknown; startToken?: unknown };
    return typeof pid === 'number' ? { pid, startToken: typeof startToken === 'string' ? startToken : '' } : undefined;
  } catch {
    return undefined;
  }
}

function release(path: string): void {
  if (lockedHere.delete(path)) rmSync(path, { force: true });
}

function locked(folder: string, pid: number): MillraceError {
  return new MillraceError(
    'DATA_FOLDER_LOCKED',
    `expected the data folder ${folder} to be free, found it in use by process ${pid}`,
    { details: { folder, pid } },
  );
}
