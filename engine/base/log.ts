export type LogLevel = 'debug' | 'info' | 'warn' | 'error';

/** Fields of a structured log line. Values must be free of secrets. */
export type LogFields = Readonly<Record<string, unknown>>;

/** A logger that already carries its context (`broker=2 partition=orders-0`). Pure code returns facts instead of logging. */
export interface Log {
  debug(message: string, fields?: LogFields): void;
  info(message: string, fields?: LogFields): void;
  warn(message: string, fields?: LogFields): void;
  error(message: string, fields?: LogFields): void;
  /** A logger whose lines also carry `context`. */
  with(context: LogFields): Log;
}

/** Where finished log lines go. */
export type LogSink = (level: LogLevel, message: string, fields: LogFields) => void;

/** A Log that hands every line at or above `minimum` to `sink`; a function says what the minimum is at each line. */
export function createLog(sink: LogSink, context: LogFields = {}, minimum: LogLevel | (() => LogLevel) = 'info'): Log {
  const rank: Record<LogLevel, number> = { debug: 0, info: 1, warn: 2, error: 3 };
  const least = typeof minimum === 'string' ? () => minimum : minimum;
  const at = (level: LogLevel) => (message: string, fields?: LogFields) => {
    if (rank[level] >= rank[least()]) sink(level, message, fields ? { ...context, ...fields } : context);
  };
  return {
    debug: at('debug'),
    info: at('info'),
    warn: at('warn'),
    error: at('error'),
    with: (more) => createLog(sink, { ...context, ...more }, minimum),
  };
}

/** A Log that drops every line. */
export const silentLog: Log = createLog(() => {});
