import type { CsvOptions, CsvRow } from './csv-rows.ts';
import { csvRows } from './csv-rows.ts';
import { BadRecord } from './text-fault.ts';
import { readHead } from './text-head.ts';

/** How a CSV file is read. */
export interface CsvRecordOptions {
  readonly delimiter: string;
  /** The first row has names. */
  readonly header: boolean;
  readonly withText: boolean;
}

/**
 * The records of a CSV text: objects by the names of the first row, or arrays of text. Excel's line `sep=;` decides the delimiter.
 * A row with another number of values than there are names is a BadRecord.
 */
export async function* csvRecords(text: AsyncIterable<string>, options: CsvRecordOptions): AsyncGenerator<unknown[]> {
  const { lineEnd, separator, chunks } = await readHead(text);
  const csv: CsvOptions = {
    delimiter: separator ?? options.delimiter,
    lineEnd,
    firstLine: separator === undefined ? 1 : 2,
    withText: options.withText,
  };
  let toRecord: ((row: CsvRow) => unknown) | undefined = options.header ? undefined : ({ values }) => values;
  for await (const rows of csvRows(chunks, csv)) {
    const records: unknown[] = [];
    for (const row of rows) {
      if (row instanceof BadRecord) records.push(row);
      else if (toRecord) records.push(toRecord(row));
      else toRecord = recordMaker(columnNames(row.values));
    }
    yield records;
  }
}

/** A name for each column: one without is `column_3` by its place, one that was there before gets `_1`, `_2` and so on behind it. */
export function columnNames(row: readonly string[]): readonly string[] {
  const given = new Set(row);
  const names = new Set<string>();
  for (const [index, text] of row.entries()) {
    const wanted = text.trim() === '' ? `column_${index + 1}` : text;
    let name = wanted;
    for (let n = 1; names.has(name) || (name !== text && given.has(name)); n++) name = `${wanted}_${n}`;
    names.add(name);
  }
  return [...names];
}

function recordMaker(names: readonly string[]): (row: CsvRow) => unknown {
  // Assigning to this name would set the prototype.
  const isPlain = !names.includes('__proto__');
  return ({ values, line, text }) => {
    if (values.length !== names.length) return raggedRow(names, values, line, text);
    if (!isPlain) return Object.fromEntries(names.map((name, index) => [name, values[index]]));
    const record: Record<string, unknown> = {};
    for (let index = 0; index < names.length; index++) record[names[index]!] = values[index];
    return record;
  };
}

function raggedRow(names: readonly string[], values: readonly string[], line: number, text: string): BadRecord {
  const column = Math.min(values.length, names.length) + 1;
  const what = values.length < names.length ? `none for "${names[column - 1]}"` : `${values.length}`;
  return new BadRecord(`expected ${names.length} values, one for each name, but found ${what}`, line, column, text);
}
