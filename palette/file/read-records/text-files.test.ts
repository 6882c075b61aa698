import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { createLog } from '../../../engine/base/log.ts';
import { parseJson, stringifyJson } from '../../../engine/formats/exact-json.ts';
import { testConfig, testRuntimeHost, testSink } from '../../../test/kit/runtime-host.ts';
import { until } from '../../../test/kit/until.ts';
import activity from './activity.ts';
import { ArrayPath } from './array-path.ts';
import { columnNames } from './csv-records.ts';
import { decodeText } from './decode-text.ts';
import { jsonArrayRecords } from './json-array.ts';
import { runtime } from './runtime.ts';

const folder = mkdtempSync(join(tmpdir(), 'millrace-text-'));
afterAll(() => rmSync(folder, { recursive: true }));

type Raw = Parameters<typeof testConfig>[1];
type Output = { readonly record?: unknown; readonly error?: Readonly<Record<string, unknown>> };

async function read(bytes: Buffer | string, raw: Raw) {
  writeFileSync(join(folder, 'in'), bytes);
  const warnings: string[] = [];
  const log = createLog((_level, message) => warnings.push(message));
  const host = testRuntimeHost({ resolvePath: (path) => join(folder, path), log });
  const sink = testSink();
  const instance = await runtime.open(testConfig(activity, { path: 'in', ...raw }), host);
  await instance.start(sink);
  await until('the end of the file', () => sink.isFinished || sink.failure);
  const outputs = sink.outputs as Output[];
  return { outputs, records: outputs.map(({ record }) => record), failure: sink.failure, warnings, host };
}

const utf16 = (text: string) => Buffer.from(text, 'utf16le');
const swapped = (bytes: Buffer) => Buffer.from(bytes).swap16();
const csv = { format: 'csv' } as const;
const row = [{ name: 'Zo\u00eb', price: '\u20ac5' }];
const text = 'name,price\nZo\u00eb,\u20ac5\n';

describe('the encoding of a file', () => {
  it.each([
    ['UTF-8 with its mark', Buffer.from(`\ufeff${text}`), {}],
    ['UTF-16 LE by its mark', utf16(`\ufeff${text}`), {}],
    ['UTF-16 BE by its mark', swapped(utf16(`\ufeff${text}`)), {}],
    ['a mark against the settings', Buffer.from(`\ufeff${text}`), { encoding: 'windows-1252' }],
    ['UTF-16 LE without a mark', utf16(text), { encoding: 'utf-16le' }],
    ['Windows-1252', Buffer.from('name,price\nZo\xeb,\x805\n', 'latin1'), { encoding: 'windows-1252' }],
    ['ISO-8859-15', Buffer.from('name,price\nZo\xeb,\xa45\n', 'latin1'), { encoding: 'iso-8859-15' }],
  ] as const)('is seen: %s', async (_name, bytes, raw) => {
    expect((await read(bytes, { ...csv, ...raw })).records).toEqual(row);
  });

  it.each([
    [
      'a letter of Latin-1',
      Buffer.from('a,b\r\n1,caf\xe9\r\n', 'latin1'),
      csv,
      'in: line 2, column 6: expected UTF-8 text, but found the byte 0x',
    ],
    ['the same in JSON lines', Buffer.from('{"a":1}\n{"a":"\xe9"}\n', 'latin1'), {}, 'line 2, column '],
    ['the same in a JSON array', Buffer.from('[\n"\xe9"]', 'latin1'), { format: 'json' }, 'line 2, column '],
    [
      'half a character at the end',
      Buffer.from('a\n\xe2\x82', 'latin1'),
      csv,
      'line 2, column 1: expected UTF-8 text, but found the end of the file',
    ],
    [
      'UTF-16 without its mark',
      utf16('a,b\n1,2\n'),
      csv,
      'line 1: expected UTF-8 text, but found a zero byte (byte 1)',
    ],
    [
      'a lone half of UTF-16',
      Buffer.concat([utf16('a\n'), Buffer.from([0, 0xd8, 0x41, 0])]),
      { ...csv, encoding: 'utf-16le' },
      'line 2, column 1: expected UTF-16LE',
    ],
  ] as const)('is kept to: %s', async (_name, bytes, raw, message) => {
    const { failure } = await read(bytes, raw);
    expect(failure).toMatchObject({ code: 'FILE_FORMAT', message: expect.stringContaining(message) });
  });

  it('gives the same text however the bytes are cut', async () => {
    const unit = fc.constantFrom('a', '\n', '\u00e9', '\u20ac', '\u{1f600}');
    await fc.assert(
      fc.asyncProperty(
        fc.string({ unit }),
        fc.constantFrom('utf-8', 'utf-16le'),
        fc.nat(),
        async (whole, encoding, at) => {
          const bytes = Buffer.from(whole, encoding === 'utf-8' ? 'utf8' : 'utf16le');
          const cut = bytes.length ? at % bytes.length : 0;
          async function* source() {
            yield bytes.subarray(0, cut);
            yield bytes.subarray(cut);
          }
          let found = '';
          for await (const piece of decodeText(source, encoding)) found += piece;
          expect(found).toBe(whole.replace(/^\ufeff/, ''));
        },
      ),
    );
  });
});

describe('numbers of a file', () => {
  const record = '{"id":9007199254740993, "price":1.10,"big":[12345678901234567890,1e400]}';

  it('leave JSON lines as they came, to the byte', async () => {
    const { records } = await read(`${record}\n`, {});
    expect(records.map(stringifyJson)).toEqual([record]);
  });

  it('keep their digits from a JSON array', async () => {
    const { records } = await read(`[${record}]`, { format: 'json' });
    expect(JSON.stringify(records[0])).toBe('{"id":9007199254740993,"price":1.1,"big":[12345678901234567890,1e400]}');
  });
});

describe('CSV as other programs write it', () => {
  it.each([
    [
      'CR line ends',
      'a,b\r1,2\r3,4',
      csv,
      [
        { a: '1', b: '2' },
        { a: '3', b: '4' },
      ],
    ],
    [
      'CRLF and LF in one file',
      'a,b\r\n1,2\n3,4\r\n',
      csv,
      [
        { a: '1', b: '2' },
        { a: '3', b: '4' },
      ],
    ],
    ['a CR within a value', 'a,b\n1,\r2\n', csv, [{ a: '1', b: '\r2' }]],
    ['a line break in a quoted name', '"a\nx",b\r1,2\r', csv, [{ 'a\nx': '1', b: '2' }]],
    ["Excel's sep= line", 'sep=;\r\na;b\r\n1;2\r\n', csv, [{ a: '1', b: '2' }]],
    ['a name that comes twice', 'id,x,id\n1,x,2\n', csv, [{ id: '1', x: 'x', id_1: '2' }]],
    ['a column without a name', 'id,,\n1,2,3\n', csv, [{ id: '1', column_2: '2', column_3: '3' }]],
    ['a column named __proto__', '__proto__,a\n1,2\n', csv, [JSON.parse('{"__proto__":"1","a":"2"}')]],
    ['rows of several lengths without names', 'a\nb,c\n', { ...csv, header: false }, [['a'], ['b', 'c']]],
    ['JSON lines that end in CR', '{"a":1}\r{"a":2}\r', {}, [{ a: 1 }, { a: 2 }]],
  ] as const)('reads %s', async (_name, given, raw, expected) => {
    expect((await read(given, raw as Raw)).records).toEqual(expected);
  });

  it('names every column once', () => {
    expect(columnNames(['a', 'a_1', 'a', ' ', 'column_4', 'a'])).toEqual([
      'a',
      'a_1',
      'a_2',
      'column_4_1',
      'column_4',
      'a_3',
    ]);
  });

  const broken = 'id,n\n1,a\n2\n3,b,c\n4,"d" x"\n5,e\n';

  it('stops at the first bad row, behind the good ones', async () => {
    const { records, failure } = await read(broken, csv);
    expect(records).toEqual([{ id: '1', n: 'a' }]);
    expect(failure).toMatchObject({
      code: 'FILE_FORMAT',
      message: 'in: line 3, column 2: expected 2 values, one for each name, but found none for "n"',
      details: { line: 3, column: 2 },
    });
  });

  it('skips bad rows and counts them where asked to', async () => {
    const { records, failure, warnings, host } = await read(broken, { ...csv, badRecords: 'skip' });
    expect(failure).toBeUndefined();
    expect(records).toEqual([
      { id: '1', n: 'a' },
      { id: '5', n: 'e' },
    ]);
    expect(host.values.get('records_skipped_total')).toBe(3);
    expect(warnings).toEqual(['in: 3 records were skipped']);
  });

  it('hands bad rows on with place and text where asked to', async () => {
    const { outputs } = await read('id,n\n1,a\n2,b,c\n"3" x,"d"\n4,e\n', { ...csv, badRecords: 'pass' });
    expect(outputs.map(({ record, error }) => record ?? error)).toEqual([
      { id: '1', n: 'a' },
      {
        code: 'FILE_FORMAT',
        message: 'in: line 3, column 3: expected 2 values, one for each name, but found 3',
        line: 3,
        column: 3,
        text: '2,b,c',
      },
      expect.objectContaining({ line: 4, column: 1, text: expect.stringMatching(/^"3"/) }),
      { id: '4', n: 'e' },
    ]);
    const lines = await read('{"a":1}\n{"a":\n{"a":3}', { badRecords: 'pass' });
    expect(lines.outputs.map(({ record, error }) => record ?? error?.text)).toEqual([{ a: 1 }, '{"a":', { a: 3 }]);
  });

  it.each([
    ['', csv],
    ['a,b\n', csv],
    ['\n \n', {}],
    ['[]', { format: 'json' }],
  ] as const)('says that %j has no records', async (given, raw) => {
    const { records, failure, warnings } = await read(given, raw);
    expect([records, failure, warnings]).toEqual([[], undefined, ['in: the file has no records']]);
  });
});

/** The array in a text as JSON.parse reads it; a blank text has no records. */
function arrayText(text: string): string {
  if (text.trim() === '') return '[]';
  try {
    const value: unknown = parseJson(text);
    return Array.isArray(value) ? JSON.stringify(value) : 'refused';
  } catch {
    return 'refused';
  }
}

describe('the path to a JSON array', () => {
  it.each([
    ['order.lines', '{"order.lines":[1,2]}', [1, 2]],
    ['order.lines', '{"order":{"lines":[1,2]}}', [1, 2]],
    ['"order.lines"', '{"order":{"lines":[0]},"order.lines":[1,2]}', [1, 2]],
    ['a."b.c".d', '{"a":{"b":{"c":{"d":[0]}},"b.c":{"d":[[1],{"x":[2]}]}}}', [[1], { x: [2] }]],
    ['a.b.c', '{"a":{"x":1},"a.b":{"c":[1,"\\u00e9"]}}', [1, '\u00e9']],
    ['0.list', '[{"list":[true,null]},{"list":[0]}]', [true, null]],
    ['a"', '{"a":[1]}', 'expected names with dots as the path'],
    ['a', '{"a":{}}', 'in: expected an array at the path a, but found object'],
    ['a', '{"a":[1]', 'in: line 1, column 9: expected JSON'],
    ['a', '{"a":[1]}\n}', 'in: line 2, column 1: expected JSON'],
  ] as const)('%s finds its way in %s', async (recordsPath, given, expected) => {
    const { records, failure } = await read(given, { format: 'json', recordsPath });
    if (typeof expected === 'string') expect(failure).toMatchObject({ message: expect.stringContaining(expected) });
    else expect([records, failure]).toEqual([expected, undefined]);
  });

  it('takes and refuses what JSON.parse does, however the text is broken or cut', async () => {
    const mark = fc.constantFrom('', ...',[]{}":-.e0t \n\\\u0000');
    const place = fc.nat();
    const path = ArrayPath.parse('')!;
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.jsonValue()),
        place,
        place,
        mark,
        fc.boolean(),
        async (values, at, cutAt, put, drop) => {
          const whole = JSON.stringify(values);
          const broken = whole.slice(0, at % whole.length) + put + whole.slice((at % whole.length) + (drop ? 1 : 0));
          const cut = cutAt % (broken.length + 1);
          const found: unknown[] = [];
          const pieces = async function* () {
            yield broken.slice(0, cut);
            yield broken.slice(cut);
          };
          let isTaken = true;
          try {
            for await (const some of jsonArrayRecords(pieces, path)) found.push(...some);
          } catch {
            isTaken = false;
          }
          expect(isTaken ? JSON.stringify(found) : 'refused', broken).toBe(arrayText(broken));
        },
      ),
      { numRuns: 300 },
    );
  });

  it('gives what JSON.parse gives, of any document', async () => {
    expect(ArrayPath.parse('a..b')).toBeUndefined();
    await fc.assert(
      fc.asyncProperty(fc.array(fc.jsonValue()), async (values) => {
        const { records } = await read(JSON.stringify({ skip: values, here: values }), {
          format: 'json',
          recordsPath: 'here',
        });
        expect(records).toEqual(parseJson(JSON.stringify(values)));
      }),
      { numRuns: 30 },
    );
  });
});
