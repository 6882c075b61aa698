import { closeSync, fstatSync, openSync, renameSync, writeSync } from 'node:fs';
import type { LogFields, LogLevel, LogSink } from '../base/log.ts';

/** Size at which a log file is set aside as `<path>.1` (replacing the older one): at most twice this on disk. */
const logFileBytesMax = 32 * 1024 * 1024;

/** One log entry as a line of JSON: time, level, message, then the fields. Errors are written with message and stack. */
export function formatLogLine(timeMs: number, level: LogLevel, message: string, fields: LogFields): string {
  const line = { time: new Date(timeMs).toISOString(), level, message, ...fields };
  return `${JSON.stringify(line, (_key, value) => plain(value))}\n`;
}

/** A sink that writes lines to a stream such as standard error. */
export function streamLogSink(stream: { write(text: string): unknown }): LogSink {
  return (level, message, fields) => {
    stream.write(formatLogLine(Date.now(), level, message, fields));
  };
}

/** A sink that appends lines to a file and sets it aside when it grows past 32 MiB. */
export function fileLogSink(path: string): LogSink {
  let descriptor = openSync(path, 'a', 0o600);
  let size = fstatSync(descriptor).size;
  return (level, message, fields) => {
    size += writeSync(descriptor, formatLogLine(Date.now(), level, message, fields));
    if (size < logFileBytesMax) return;
    closeSync(descriptor);
    renameSync(path, `${path}.1`);
    descriptor = openSync(path, 'a', 0o600);
    size = 0;
  };
}

function plain(value: unknown): unknown {
  if (typeof value === 'bigint') return value.toString();
  if (value instanceof Error) return { name: value.name, message: value.message, stack: value.stack };
  if (value instanceof Map) return Object.fromEntries(value);
  if (value instanceof Set) return [...value];
  return value;
}
