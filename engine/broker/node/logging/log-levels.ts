import type { Log, LogFields, LogLevel, LogSink } from '../../../base/log.ts';
import { createLog } from '../../../base/log.ts';
import type { BrokerLoggers, LoggerLevel } from '../../api/configs/broker-loggers.ts';
import { rootLogger } from '../../api/configs/broker-loggers.ts';

/** Loggers besides the root: the parts of a broker that name themselves in their lines. */
const partLoggers = ['quorum', 'replica', 'txn'] as const;
const prefix = 'millrace.';

const lineLevels: Readonly<Record<LoggerLevel, LogLevel>> = {
  TRACE: 'debug',
  DEBUG: 'debug',
  INFO: 'info',
  WARN: 'warn',
  ERROR: 'error',
  FATAL: 'error',
};
const startLevels = { debug: 'DEBUG', info: 'INFO', warn: 'WARN', error: 'ERROR' } as const;

/** The levels of one broker's loggers, which may change while it runs. */
export class LogLevels implements BrokerLoggers {
  readonly #own = new Map<string, LoggerLevel>();

  constructor(root: LogLevel) {
    this.#own.set(rootLogger, startLevels[root]);
  }

  levels(): ReadonlyMap<string, LoggerLevel> {
    const names = [rootLogger, ...partLoggers.map((part) => `${prefix}${part}`)];
    return new Map(names.map((name) => [name, this.#levelOf(name)]));
  }

  setLevel(logger: string, level: LoggerLevel | undefined): void {
    if (level) this.#own.set(logger, level);
    else this.#own.delete(logger);
  }

  /** The least that a logger says now. */
  lineLevel(logger: string): LogLevel {
    return lineLevels[this.#levelOf(logger)];
  }

  #levelOf(logger: string): LoggerLevel {
    return this.#own.get(logger) ?? this.#own.get(rootLogger) ?? 'INFO';
  }
}

/** A Log whose lines keep to the levels of the logger that they are of: that of the part which a line names, else the root. */
export function leveledLog(sink: LogSink, context: LogFields, levels: LogLevels, logger = rootLogger): Log {
  return {
    ...createLog(sink, context, () => levels.lineLevel(logger)),
    with: (more) => leveledLog(sink, { ...context, ...more }, levels, loggerOf(more) ?? logger),
  };
}

function loggerOf({ part, module }: LogFields): string | undefined {
  const named = partLoggers.find((name) => name === part || name === module);
  return named && `${prefix}${named}`;
}
