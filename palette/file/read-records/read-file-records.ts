import { MillraceError, messageOf } from '../../../engine/base/errors.ts';
import type { ConfigOfDeclaration } from '../../../engine/spi/define-activity.ts';
import type activity from './activity.ts';
import { CsvParser } from './csv-parser.ts';

type ReadRecordsConfig = ConfigOfDeclaration<typeof activity>;

/** Characters of one JSON line at most. */
const lineCharactersMax = 16_777_216;

/** A file as this module reads it; runtime.ts opens it. Its calls reject with the system's own errors. */
export interface RecordFile {
  /** The whole text. */
  text(): Promise<string>;
  /** The text piece by piece. */
  chunks(): AsyncIterable<string>;
}

/** The records of a file one after the other; lines and rows are streamed. Throws FILE_FORMAT, FILE_READ_FAILED. */
export async function* readFileRecords(file: RecordFile, config: ReadRecordsConfig): AsyncGenerator<unknown> {
  try {
    if (config.format === 'json') yield* arrayRecords(await file.text(), config);
    else if (config.format === 'csv') yield* csvRecords(file, config);
    else yield* jsonLines(file, config);
  } catch (thrown) {
    if (thrown instanceof MillraceError) throw thrown;
    throw new MillraceError('FILE_READ_FAILED', `reading ${config.path}: ${messageOf(thrown)}`, {
      cause: thrown,
      retriable: true,
    });
  }
}

function formatError(config: ReadRecordsConfig, message: string, cause?: unknown): MillraceError {
  return new MillraceError('FILE_FORMAT', `${config.path}: ${message}`, { cause });
}

function parse(text: string, config: ReadRecordsConfig, what: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw formatError(config, `expected JSON in ${what}: ${messageOf(cause)}`, cause);
  }
}

function arrayRecords(text: string, config: ReadRecordsConfig): readonly unknown[] {
  const path = config.recordsPath?.trim() ?? '';
  const names = path ? path.split('.') : [];
  const found = names.reduce<unknown>(
    (value, name) =>
      typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[name] : undefined,
    parse(withoutMark(text), config, 'the file'),
  );
  if (Array.isArray(found)) return found;
  const where = path ? `at the path ${path}` : 'at the top of the document';
  throw formatError(config, `expected an array ${where}, but found ${found === undefined ? 'nothing' : typeof found}`);
}

/** A file may begin with a byte order mark. */
function withoutMark(text: string): string {
  return text.charCodeAt(0) === 0xfeff ? text.slice(1) : text;
}

async function* jsonLines(file: RecordFile, config: ReadRecordsConfig): AsyncGenerator<unknown> {
  let rest = '';
  let line = 0;
  for await (const chunk of file.chunks()) {
    const lines = (rest + chunk).split('\n');
    rest = lines.pop()!;
    if (rest.length > lineCharactersMax)
      throw formatError(
        config,
        `expected a line of at most ${lineCharactersMax} characters as line ${line + lines.length + 1}`,
      );
    for (const text of lines) {
      line++;
      if (text.trim()) yield parse(line === 1 ? withoutMark(text) : text, config, `line ${line}`);
    }
  }
  if (rest.trim()) yield parse(line === 0 ? withoutMark(rest) : rest, config, `line ${line + 1}`);
}

async function* csvRecords(file: RecordFile, config: ReadRecordsConfig): AsyncGenerator<unknown> {
  const parser = new CsvParser(config.delimiter);
  let names: readonly string[] | undefined;
  let isFirst = true;
  for await (const chunk of file.chunks()) {
    for (const row of parsed(() => parser.push(isFirst ? withoutMark(chunk) : chunk), config)) {
      if (config.header && !names) names = row;
      else yield recordOf(row, names);
    }
    isFirst = false;
  }
  for (const row of parsed(() => parser.end(), config)) if (!config.header || names) yield recordOf(row, names);
}

function parsed(read: () => string[][], config: ReadRecordsConfig): string[][] {
  try {
    return read();
  } catch (cause) {
    throw formatError(config, messageOf(cause), cause);
  }
}

/** An object by the names of the first row; values beyond them are dropped, missing ones left out. */
function recordOf(row: readonly string[], names: readonly string[] | undefined): unknown {
  if (!names) return row;
  return Object.fromEntries(names.flatMap((name, index) => (row[index] === undefined ? [] : [[name, row[index]]])));
}
