import { MillraceError } from '../base/errors.ts';

const retriableCodes = new Set(['EAGAIN', 'EINTR', 'EMFILE', 'ENFILE', 'EBUSY']);

/** Wraps what node:fs threw: stable code `DISK_<ACTION>_FAILED`, the path, and the system's own code in the details. */
export function diskError(action: string, path: string, cause: unknown): MillraceError {
  const systemCode = (cause as NodeJS.ErrnoException | undefined)?.code ?? 'UNKNOWN';
  const code = systemCode === 'ENOSPC' || systemCode === 'EDQUOT' ? 'DISK_FULL' : `DISK_${action.toUpperCase()}_FAILED`;
  return new MillraceError(code, `cannot ${action} ${path}: ${systemCode}`, {
    cause,
    retriable: retriableCodes.has(systemCode),
    details: { path, systemCode },
  });
}

/** Runs `call` and turns its failure into a disk error. */
export function onDisk<T>(action: string, path: string, call: () => T): T {
  try {
    return call();
  } catch (cause) {
    throw diskError(action, path, cause);
  }
}
