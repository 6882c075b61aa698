import type { LogFields, LogSink } from '../base/log.ts';

/** Log lines for people: `12:00:01 warn  message key=value`. */
export function textLogSink(write: (text: string) => void, now: () => number): LogSink {
  return (level, message, fields) => {
    const time = new Date(now()).toISOString().slice(11, 23);
    write(`${time} ${level.padEnd(5)} ${message}${formatFields(fields)}\n`);
  };
}

function formatFields(fields: LogFields): string {
  let text = '';
  for (const [name, value] of Object.entries(fields)) {
    if (value === undefined) continue;
    const shown = typeof value === 'string' && /^[^\s"=]+$/.test(value) ? value : JSON.stringify(value);
    text += ` ${name}=${shown}`;
  }
  return text;
}
