import { randomBytes } from 'node:crypto';
import {
  linkSync,
  mkdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { MillraceError } from '../base/errors.ts';
import { diskError } from './disk-error.ts';
import { isRunning, startTokenOf } from './process-identity.ts';

/** A lock that cannot be read is somebody's who is just writing it, for so long. */
const unreadableHeldMs = 5_000;
/** Taking over takes far less; a guard that is older was left by a crash. */
const guardHeldMs = 10_000;

/** Folders locked by this process: a second broker in the same process must not share one either. */
const lockedHere = new Set<string>();

/** Releases a folder; a second call does nothing. */
export type ReleaseLock = () => void;

interface Holder {
  readonly pid: number;
  readonly startToken: string;
}

/**
 * Takes `<folder>/.lock` for this process, so that no two brokers write the same files. A lock whose process no longer
 * runs (crash, kill -9, restart of the machine) is taken over, by one of those who try at the same time.
 * Throws MillraceError `DATA_FOLDER_LOCKED` with the holder's process id in `details.pid` (0 when it is not known), or DISK_*.
 */
export function lockFolder(folder: string): ReleaseLock {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const path = join(realpathSync(folder), '.lock');
  if (lockedHere.has(path)) throw locked(folder, process.pid);
  const own = `${path}.${process.pid}.${randomBytes(4).toString('hex')}`;
  try {
    // Written whole before it has its name: nobody ever sees a lock without its holder.
    writeFileSync(own, JSON.stringify({ pid: process.pid, startToken: startTokenOf(process.pid) ?? '' }), {
      flag: 'wx',
      mode: 0o600,
    });
    if (!placed(own, path)) takeOver(own, path, folder);
  } catch (cause) {
    if (cause instanceof MillraceError) throw cause;
    throw diskError('lock', path, cause);
  } finally {
    rmSync(own, { force: true });
  }
  lockedHere.add(path);
  return () => release(path);
}

/** Gives the file the lock's name unless something has it: one step, so that one of several succeeds. */
function placed(own: string, path: string): boolean {
  try {
    linkSync(own, path);
    return true;
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    if (code === 'EEXIST') return false;
    if (code !== 'EPERM' && code !== 'ENOTSUP' && code !== 'EOPNOTSUPP') throw cause;
    return written(own, path);
  }
}

/** The same where the file system has no hard links: the content comes a moment after the name. */
function written(own: string, path: string): boolean {
  try {
    writeFileSync(path, readFileSync(own), { flag: 'wx', mode: 0o600 });
    return true;
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw cause;
  }
}

/**
 * Puts our lock in the place of a stale one. Only the holder of a guard may, and the name is never free meanwhile, so a lock that
 * somebody else has just taken is never removed. Throws DATA_FOLDER_LOCKED.
 */
function takeOver(own: string, path: string, folder: string): void {
  refuseHeld(path, folder);
  const guard = `${path}.takeover`;
  if (!guarded(guard)) throw locked(folder, readHolder(path)?.pid ?? 0);
  try {
    // A stale lock stays until we replace it; where it was given back meanwhile, others may be placing theirs.
    if (refuseHeld(path, folder)) renameSync(own, path);
    else if (!placed(own, path)) throw locked(folder, readHolder(path)?.pid ?? 0);
  } finally {
    rmdirSync(guard);
  }
}

function guarded(guard: string): boolean {
  try {
    mkdirSync(guard);
    return true;
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== 'EEXIST') throw cause;
  }
  // Whoever tries next finds it gone.
  if (ageMs(guard) > guardHeldMs) rmSync(guard, { recursive: true, force: true });
  return false;
}

/** Throws DATA_FOLDER_LOCKED for a lock that is held; tells whether there is a stale one. */
function refuseHeld(path: string, folder: string): boolean {
  const holder = readHolder(path);
  const age = ageMs(path);
  if (holder ? isRunning(holder.pid, holder.startToken) : age < unreadableHeldMs)
    throw locked(folder, holder?.pid ?? 0);
  return holder !== undefined || age !== Number.POSITIVE_INFINITY;
}

/** How long ago a file was last written; infinite when it is gone. */
function ageMs(path: string): number {
  const found = statSync(path, { throwIfNoEntry: false });
  return found ? Math.abs(Date.now() - found.mtimeMs) : Number.POSITIVE_INFINITY;
}

function readHolder(path: string): Holder | undefined {
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
    `expected the data folder ${folder} to be free, found it in use by ${pid === 0 ? 'another process' : `process ${pid}`}`,
    { details: { folder, pid } },
  );
}
