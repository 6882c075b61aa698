import type { ErrorCode } from '../../../protocol/error-codes.ts';
import { errorCode } from '../../../protocol/error-codes.ts';
import type { IncrementalAlterConfigsRequest } from '../../../protocol/schemas/44-incremental-alter-configs.ts';

type Asked = IncrementalAlterConfigsRequest['resources'][number];

/** Levels of a logger by Kafka's names, from the most that is said to the least. */
export const loggerLevels = ['TRACE', 'DEBUG', 'INFO', 'WARN', 'ERROR', 'FATAL'] as const;
export type LoggerLevel = (typeof loggerLevels)[number];

/** The logger that others follow where they have no level of their own. */
export const rootLogger = 'root';

/** What a broker says in its log, by logger. Levels hold until the broker ends: they are kept nowhere. */
export interface BrokerLoggers {
  /** Every logger with the level in force. */
  levels(): ReadonlyMap<string, LoggerLevel>;
  /** Undefined: the level of the root again. */
  setLevel(logger: string, level: LoggerLevel | undefined): void;
}

/** Why a request is refused, in Kafka's words. */
interface LoggerRefusal {
  readonly code: ErrorCode;
  readonly message: string;
}

const operations = { set: 0, delete: 1, append: 2, subtract: 3 } as const;

/** Changes levels of one broker's loggers, all of a resource or none; why not, if it is refused. */
export function alterLoggers(
  { resourceName, configs }: Asked,
  brokerId: number,
  loggers: BrokerLoggers,
  validateOnly: boolean,
): LoggerRefusal | undefined {
  if (!/^-?\d+$/.test(resourceName))
    return { code: errorCode.INVALID_REQUEST, message: `Node id must be an integer, but it is: ${resourceName}` };
  if (resourceName !== String(brokerId))
    return {
      code: errorCode.INVALID_REQUEST,
      message: `Unexpected node id. Expected ${brokerId}, but received ${resourceName}`,
    };
  const known = loggers.levels();
  for (const config of configs) {
    const refusal = refusalOf(config, known);
    if (refusal) return refusal;
  }
  if (validateOnly) return undefined;
  for (const { name, configOperation, value } of configs)
    loggers.setLevel(name, configOperation === operations.delete ? undefined : levelOf(value));
  return undefined;
}

function levelOf(value: string | null): LoggerLevel | undefined {
  return loggerLevels.find((level) => level === value);
}

function refusalOf(
  { name, configOperation, value }: Asked['configs'][number],
  known: ReadonlyMap<string, LoggerLevel>,
): LoggerRefusal | undefined {
  if (configOperation !== operations.set && configOperation !== operations.delete)
    return {
      code: errorCode.INVALID_REQUEST,
      message: `${configOperation === operations.append ? 'APPEND' : 'SUBTRACT'} operation is not allowed for the BROKER_LOGGER resource`,
    };
  if (!known.has(name)) return { code: errorCode.INVALID_CONFIG, message: `Logger ${name} does not exist!` };
  if (configOperation === operations.delete)
    return name === rootLogger
      ? {
          code: errorCode.INVALID_REQUEST,
          message: `Removing the log level of the ${rootLogger} logger is not allowed`,
        }
      : undefined;
  if (value === null) return { code: errorCode.INVALID_REQUEST, message: `Null value not supported for : ${name}` };
  if (levelOf(value)) return undefined;
  return {
    code: errorCode.INVALID_CONFIG,
    message: `Cannot set the log level of ${name} to ${value} as it is not a supported log level. Valid log levels are ${loggerLevels.join(', ')}`,
  };
}
