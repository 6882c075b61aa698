import type { LogLine } from '../store/live-slice.ts';

/** Which lines of the log are shown. */
export interface LogFilter {
  /** The least weight: `warn` shows errors as well. */
  readonly level: 'all' | 'warn' | 'error';
  /** Text that occurs in the message or the fields; empty: any. */
  readonly query: string;
}

const shownLevels: Readonly<Record<LogFilter['level'], readonly LogLine['level'][]>> = {
  all: ['debug', 'info', 'warn', 'error'],
  warn: ['warn', 'error'],
  error: ['error'],
};

/** The lines that a filter lets through, in their order. */
export function filterLog(log: readonly LogLine[], { level, query }: LogFilter): readonly LogLine[] {
  const wanted = query.trim().toLowerCase();
  const levels = shownLevels[level];
  return log.filter((line) => levels.includes(line.level) && (wanted === '' || textOf(line).includes(wanted)));
}

/** How many warnings and errors a log has. */
export function countLevels(log: readonly LogLine[]): { readonly warn: number; readonly error: number } {
  const count = (level: LogLine['level']) => log.reduce((sum, line) => sum + (line.level === level ? 1 : 0), 0);
  return { warn: count('warn'), error: count('error') };
}

/** A field's value as text. */
export function textOfField(value: unknown): string {
  return typeof value === 'string' ? value : (JSON.stringify(value) ?? String(value));
}

function textOf({ message, fields }: LogLine): string {
  const parts = Object.entries(fields).map(([name, value]) => `${name}=${textOfField(value)}`);
  return [message, ...parts].join(' ').toLowerCase();
}
