import { existsSync, readdirSync, readFileSync } from 'node:fs';

/** Processes in whose command line or environment a text stands, by their ids; /proc knows. None where there is no /proc. */
export function processesOf(text: string): string[] {
  if (!existsSync('/proc')) return [];
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .filter((pid) => mentions(`/proc/${pid}/cmdline`, text) || mentions(`/proc/${pid}/environ`, text));
}

/** Those of them whose command line names a program. */
export function programsOf(text: string, program: string): string[] {
  return processesOf(text).filter((pid) => mentions(`/proc/${pid}/cmdline`, program));
}

function mentions(path: string, text: string): boolean {
  try {
    return readFileSync(path, 'latin1').includes(text);
  } catch {
    return false;
  }
}
