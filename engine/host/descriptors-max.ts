import { readFileSync } from 'node:fs';

/**
 * How many files and sockets this process may have open; undefined where the system does not tell. Node raises its soft
 * limit to the hard one when it starts.
 */
export function descriptorsMax(): number | undefined {
  try {
    const found = /^Max open files\s+(\d+)/m.exec(readFileSync('/proc/self/limits', 'utf8'));
    if (found) return Number(found[1]);
  } catch {
    // No Linux: the report knows.
  }
  const report = process.report?.getReport() as { userLimits?: { open_files?: { soft?: unknown } } } | undefined;
  const soft = report?.userLimits?.open_files?.soft;
  return typeof soft === 'number' ? soft : undefined;
}
