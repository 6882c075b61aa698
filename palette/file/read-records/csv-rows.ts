import { once } from 'node:events';
import type { CsvError, Info } from 'csv-parse';
import { parse } from 'csv-parse';
import { BadRecord, TextFault } from './text-fault.ts';
import type { LineEnd } from './text-head.ts';

/** Bytes of one row at most, in UTF-8; longer ones are a missing quote. */
const rowBytesMax = 16_777_216;

/** How rows stand in the text. */
export interface CsvOptions {
  readonly delimiter: string;
  readonly lineEnd: LineEnd;
  /** Number of the first line. */
  readonly firstLine: number;
  /** Whether rows and bad records carry their text. */
  readonly withText: boolean;
}

/** One row: its values, the line where it begins, and its text if asked for. */
export interface CsvRow {
  readonly values: readonly string[];
  readonly line: number;
  readonly text: string;
}

const lineEnds: Readonly<Record<LineEnd, string[]>> = { lf: ['\r\n', '\n'], cr: ['\r\n', '\r', '\n'] };

/**
 * The rows of a CSV text (RFC 4180, csv-parse), those of each piece together. Empty lines are passed over; rows of any number of
 * values are given. A row with broken quotes is a BadRecord. Throws a TextFault for a row above 16 MiB.
 */
export async function* csvRows(
  chunks: AsyncIterable<string>,
  options: CsvOptions,
): AsyncGenerator<(CsvRow | BadRecord)[]> {
  const collector = new RowCollector(options);
  const parser = parse({
    delimiter: options.delimiter,
    record_delimiter: lineEnds[options.lineEnd],
    relax_column_count: true,
    skip_empty_lines: true,
    skip_records_with_error: true,
    max_record_size: rowBytesMax,
    raw: options.withText,
    on_record: (row, info) => {
      // With its text a row comes as an object, which the library's types do not say.
      collector.row(options.withText ? (row as unknown as { readonly record: string[] }).record : row, info);
      return null;
    },
    on_skip: (error, text) => {
      if (error) collector.skipped(error, text ?? '');
      return undefined;
    },
  });
  parser.resume();
  try {
    for await (const chunk of chunks) {
      await new Promise<void>((resolve, reject) => {
        parser.write(chunk, (error) => (error ? reject(error) : resolve()));
      });
      yield collector.take();
    }
    const ended = once(parser, 'end');
    parser.end();
    await ended;
    yield collector.take();
  } finally {
    // A fault has been thrown from the write that met it.
    parser.on('error', () => {});
    parser.destroy();
  }
}

/** Keeps what csv-parse calls back with, and knows the line of each row. */
class RowCollector {
  readonly #options: CsvOptions;
  #rows: (CsvRow | BadRecord)[] = [];
  /** Where the next row begins, without the empty lines before it. */
  #nextLine: number;
  #emptyLines = 0;
  /** csv-parse counts CRLF within quotes twice: by how much its count was ahead of ours at the last good row. */
  #ahead = 0;
  #hasSkipped = false;
  #lastBad = '';

  constructor(options: CsvOptions) {
    this.#options = options;
    this.#nextLine = options.firstLine;
  }

  take(): (CsvRow | BadRecord)[] {
    const rows = this.#rows;
    this.#rows = [];
    return rows;
  }

  row(values: readonly string[], info: Info & { readonly raw?: string | undefined }): void {
    const counted = info.lines + this.#options.firstLine - 1 - this.#ahead;
    let line = this.#nextLine + info.empty_lines - this.#emptyLines;
    let last = line;
    if (this.#hasSkipped) {
      last = counted;
      line = last - lineBreaks(values);
    } else if (counted !== line) last = line + lineBreaks(values);
    this.#ahead += counted - last;
    this.#emptyLines = info.empty_lines;
    this.#nextLine = last + 1;
    this.#hasSkipped = false;
    this.#lastBad = '';
    this.#rows.push({ values, line, text: withoutLineEnds(info.raw ?? '') });
  }

  skipped(error: CsvError, text: string): void {
    const at = error as CsvError & { readonly lines: number; readonly column: number; readonly empty_lines: number };
    const line = this.#hasSkipped
      ? at.lines + this.#options.firstLine - 1 - this.#ahead
      : this.#nextLine + at.empty_lines - this.#emptyLines;
    const message = describe(error, at.column + 1);
    if (error.code === 'CSV_MAX_RECORD_SIZE') throw new TextFault(message, line, at.column + 1, error);
    // Several broken quotes of one row are told one after the other, each with more of its text.
    const isSameRow = this.#lastBad !== '' && text.length > this.#lastBad.length && text.startsWith(this.#lastBad);
    if (!isSameRow) this.#rows.push(new BadRecord(message, line, at.column + 1, text, error));
    this.#hasSkipped = true;
    this.#lastBad = text;
  }
}

function lineBreaks(values: readonly string[]): number {
  return values.reduce((sum, value) => sum + (value.match(/\r\n|\n|\r/g)?.length ?? 0), 0);
}

function describe(error: CsvError, column: number): string {
  switch (error.code) {
    case 'CSV_QUOTE_NOT_CLOSED':
      return `expected a closing quote for value ${column} of the row, but found the end of the file`;
    case 'CSV_INVALID_CLOSING_QUOTE':
      return `expected a delimiter behind the closing quote of value ${column}, but found ${/got (".*?")/s.exec(error.message)?.[1] ?? 'something else'}`;
    case 'INVALID_OPENING_QUOTE':
      return `expected value ${column} in double quotes, its own ones doubled, but found a quote within it`;
    case 'CSV_MAX_RECORD_SIZE':
      return `expected a row of at most ${rowBytesMax} bytes; a quote may be missing`;
    default:
      return error.message;
  }
}

/** The text of a row without the line ends behind it. By hand: a pattern would look at each line break of a long value anew. */
function withoutLineEnds(text: string): string {
  let end = text.length;
  while (end > 0 && (text[end - 1] === '\n' || text[end - 1] === '\r')) end -= 1;
  return text.slice(0, end);
}
