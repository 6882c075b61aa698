import { MillraceError, messageOf } from '../../../engine/base/errors.ts';
import type { ConfigOfDeclaration } from '../../../engine/spi/define-activity.ts';
import type activity from './activity.ts';
import { ArrayPath } from './array-path.ts';
import { csvRecords } from './csv-records.ts';
import type { ByteSource } from './decode-text.ts';
import { decodeText } from './decode-text.ts';
import { jsonArrayRecords } from './json-array.ts';
import { jsonLineRecords } from './json-lines.ts';
import { BadRecord, TextFault } from './text-fault.ts';

type ReadRecordsConfig = ConfigOfDeclaration<typeof activity>;

/** What was left out of a file by its own settings. */
export interface SkippedRecords {
  count: number;
  /** The first one, in words. */
  first: string;
}

/**
 * The records of a file, several at a time, streamed; a BadRecord among them where the settings hand such on. `source` rejects
 * with the system's own errors. Throws FILE_FORMAT, FILE_READ_FAILED.
 */
export async function* readFileRecords(
  source: ByteSource,
  config: ReadRecordsConfig,
  skipped: SkippedRecords,
): AsyncGenerator<readonly unknown[]> {
  try {
    for await (const records of recordsOf(source, config)) yield* judged(records, config, skipped);
  } catch (thrown) {
    if (thrown instanceof MillraceError) throw thrown;
    if (thrown instanceof TextFault) throw formatError(thrown, config);
    throw new MillraceError('FILE_READ_FAILED', `reading ${config.path}: ${messageOf(thrown)}`, {
      cause: thrown,
      retriable: true,
    });
  }
}

/** `data/a.csv: line 3, column 2: expected ...`. */
export function faultMessage({ place, message }: TextFault, { path }: Pick<ReadRecordsConfig, 'path'>): string {
  return `${path}: ${place === '' ? '' : `${place}: `}${message}`;
}

function formatError(fault: TextFault, config: ReadRecordsConfig): MillraceError {
  const { line, column } = fault;
  return new MillraceError('FILE_FORMAT', faultMessage(fault, config), { cause: fault, details: { line, column } });
}

function recordsOf(source: ByteSource, config: ReadRecordsConfig): AsyncIterable<unknown[]> {
  const text = () => decodeText(source, config.encoding);
  if (config.format === 'csv') return csvRecords(text(), { ...config, withText: config.badRecords !== 'fail' });
  if (config.format === 'json-lines') return jsonLineRecords(text());
  const path = ArrayPath.parse(config.recordsPath?.trim() ?? '');
  if (path) return jsonArrayRecords(text, path);
  throw new TextFault(`expected names with dots as the path to the array, but found ${config.recordsPath}`);
}

/** Does with bad records what the settings say. The good ones before a fault are handed on first. */
function* judged(
  records: unknown[],
  config: ReadRecordsConfig,
  skipped: SkippedRecords,
): Generator<readonly unknown[]> {
  const at = records.findIndex((record) => record instanceof BadRecord);
  if (at < 0 || config.badRecords === 'pass') yield records;
  else if (config.badRecords === 'fail') {
    yield records.slice(0, at);
    throw records[at];
  } else {
    skipped.first ||= faultMessage(records[at] as BadRecord, config);
    const good = records.filter((record) => !(record instanceof BadRecord));
    skipped.count += records.length - good.length;
    yield good;
  }
}
