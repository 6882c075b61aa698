import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { JsonValue } from '../../engine/model/json-value.ts';
import { millrace } from '../kit/millrace.ts';
import { writeProjectFolder } from '../kit/route-project.ts';

type Config = Readonly<Record<string, JsonValue>>;

const file = 'data/in.dat';

/** Runs a project that reads a file and logs each record as JSON; what it logged, and how it ended. */
async function read(bytes: Buffer | string, config: Config) {
  const activities = {
    read: { id: 'read', name: 'Read', type: 'file.read-records', config: { path: file, ...config }, input: {} },
    log: {
      id: 'log',
      name: 'Log',
      type: 'general.log',
      config: { level: 'info' },
      input: { message: '"record " & $string(read.record ? read.record : read.error.line)' },
    },
  };
  const folder = writeProjectFolder({
    format: 1,
    name: 'files',
    version: '1.0.0',
    properties: {},
    processes: {
      p: {
        id: 'p',
        name: 'P',
        activities,
        transitions: [{ id: 'read-log', from: 'read', to: 'log', kind: 'success' }],
        layout: { positions: {} },
      },
    },
    resources: {},
    profiles: {},
    schemas: {},
    tests: {},
  });
  mkdirSync(dirname(join(folder, file)), { recursive: true });
  writeFileSync(join(folder, file), bytes);
  const { code, error } = await millrace(['run', folder, '--json']);
  rmSync(folder, { recursive: true });
  const messages = error
    .trimEnd()
    .split('\n')
    .map((line) => String((JSON.parse(line) as { message?: unknown; msg?: unknown }).message ?? ''));
  const records = messages.flatMap((text) =>
    text.startsWith('record ') ? [JSON.parse(text.slice(7)) as unknown] : [],
  );
  return { code, error, records };
}

const csv = { format: 'csv' };

describe('cases of files', () => {
  it.each([
    [
      '58: a mark before a quoted header, line breaks in quotes',
      '\ufeff"id","text"\r\n"1","two\r\nlines"\r\n"2","x"\r\n',
      csv,
      [
        { id: '1', text: 'two\r\nlines' },
        { id: '2', text: 'x' },
      ],
    ],
    [
      '60: Windows-1252, when the setting says so',
      Buffer.from('a,b\n1,na\xefve \x80\n', 'latin1'),
      { ...csv, encoding: 'windows-1252' },
      [{ a: '1', b: 'na\u00efve \u20ac' }],
    ],
    [
      "63: Excel's line that names the separator",
      'sep=;\na;b\n1;2\n',
      { ...csv, delimiter: ',' },
      [{ a: '1', b: '2' }],
    ],
    [
      '63: lines that end in CR',
      'a;b\r1;2\r3;4\r',
      { ...csv, delimiter: ';' },
      [
        { a: '1', b: '2' },
        { a: '3', b: '4' },
      ],
    ],
    ['64: two columns of one name', 'n,v,n\n1,x,2\n', csv, [{ n: '1', v: 'x', n_1: '2' }]],
    [
      '67: JSON lines with a mark, CRLF and blank lines',
      '\ufeff{"a":1}\r\n\r\n{"a":2}\r\n   \n\n',
      { format: 'json-lines' },
      [{ a: 1 }, { a: 2 }],
    ],
    [
      '70: an array under a name with a dot',
      '{"sum":3,"my.rows":[{"r":1},{"r":2}]}',
      { format: 'json', recordsPath: '"my.rows"' },
      [{ r: 1 }, { r: 2 }],
    ],
    [
      '70: the same without quotes',
      '{"my":{"row":[0]},"my.rows":[{"r":1},{"r":2}]}',
      { format: 'json', recordsPath: 'my.rows' },
      [{ r: 1 }, { r: 2 }],
    ],
    [
      '18: bad rows are handed on with their line',
      'a,b\n1,2\n3\n',
      { ...csv, badRecords: 'pass' },
      [{ a: '1', b: '2' }, 3],
    ],
  ] as const)('%s', async (_name, bytes, config, expected) => {
    const { code, records, error } = await read(bytes, config);
    expect(records, error).toEqual(expected);
    expect(code).toBe(0);
  });

  it.each([
    [
      '60: Latin-1 that says it is UTF-8',
      Buffer.from('a,b\n1,na\xefve\n', 'latin1'),
      csv,
      'line 2, column 5: expected UTF-8',
    ],
    ['60: UTF-16 without a mark', Buffer.from('a,b\n1,2\n', 'utf16le'), csv, 'found a zero byte'],
    [
      '65: quotes within quotes',
      'a;b\n1;"6" pipe"\n',
      { ...csv, delimiter: ';' },
      'line 2, column 2: expected a delimiter',
    ],
    [
      '10: a missing closing quote, by the line where its row begins',
      'a\n"1\n2\n3\n',
      csv,
      'line 2, column 1: expected a closing quote',
    ],
    ['10: a row with more values than names', 'a,b\n1,2\n1,2,3\n', csv, 'line 3, column 3: expected 2 values'],
  ] as const)('%s is refused with its place', async (_name, bytes, config, message) => {
    const { code, error } = await read(bytes, config);
    expect(error).toContain(JSON.stringify(message).slice(1, -1));
    expect(code).toBe(1);
  });

  it('10: a file without records says so', async () => {
    const { code, error } = await read('a,b\n', csv);
    expect(error).toContain('the file has no records');
    expect(code).toBe(0);
  });
});
