import { appendFileSync, mkdtempSync, renameSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { TestSink } from '../../../test/kit/runtime-host.ts';
import { testConfig, testRuntimeHost, testSink } from '../../../test/kit/runtime-host.ts';
import { until } from '../../../test/kit/until.ts';
import activity from './activity.ts';
import { csvRows } from './csv-rows.ts';
import { runtime } from './runtime.ts';
import { BadRecord } from './text-fault.ts';

const folder = mkdtempSync(join(tmpdir(), 'millrace-records-'));
afterAll(() => rmSync(folder, { recursive: true }));

async function open(text: string | Buffer, raw: Parameters<typeof testConfig>[1], sink: TestSink = testSink()) {
  writeFileSync(join(folder, 'records'), text);
  const host = testRuntimeHost({ resolvePath: (path) => join(folder, path) });
  const instance = await runtime.open(testConfig(activity, { path: 'records', ...raw }), host);
  await instance.start(sink);
  return { sink, instance, clock: host.clock };
}

async function recordsOf(text: string | Buffer, raw: Parameters<typeof testConfig>[1]): Promise<unknown[]> {
  const { sink } = await open(text, raw);
  await until('the end of the file', () => sink.isFinished || sink.failure !== undefined);
  if (sink.failure) throw sink.failure;
  return sink.outputs.map((output) => (output as { record: unknown }).record);
}

describe('ReadRecords', () => {
  it.each([
    ['JSON lines', '{"a":1}\n\n{"a":2}\r\n{"a":3}', { format: 'json-lines' }, [{ a: 1 }, { a: 2 }, { a: 3 }]],
    ['a byte order mark', '\ufeff{"a":1}', { format: 'json-lines' }, [{ a: 1 }]],
    ['a JSON array', '[1, {"a":2}]', { format: 'json' }, [1, { a: 2 }]],
    ['an array at a path', '{"x":{"features":[{"id":1}]}}', { format: 'json', recordsPath: 'x.features' }, [{ id: 1 }]],
    [
      'CSV with names',
      'id,place\n1,"Adak, ""AK"""\n2,\n',
      { format: 'csv' },
      [
        { id: '1', place: 'Adak, "AK"' },
        { id: '2', place: '' },
      ],
    ],
    [
      'CSV without names',
      'a;b\r\n"c\nd";e',
      { format: 'csv', delimiter: ';', header: false },
      [
        ['a', 'b'],
        ['c\nd', 'e'],
      ],
    ],
    [
      'sorted records',
      '{"t":3}\n{"x":0}\n{"t":1}\n{"t":2}',
      { orderBy: 't' },
      [{ t: 1 }, { t: 2 }, { t: 3 }, { x: 0 }],
    ],
    ['an empty file', '', {}, []],
  ] as const)('reads %s', async (_name, text, raw, expected) => {
    expect(await recordsOf(text, raw)).toEqual(expected);
  });

  it.each([
    ['a broken line', '{"a":1}\n{"a":', {}, 'FILE_FORMAT', 'records: line 2: expected JSON: '],
    [
      'no array',
      '{"a":1}',
      { format: 'json' },
      'FILE_FORMAT',
      'records: expected an array at the top of the document, but found object',
    ],
    [
      'no array at the path',
      '{"a":1}',
      { format: 'json', recordsPath: 'b.c' },
      'FILE_FORMAT',
      'records: expected an array at the path b.c, but found nothing',
    ],
    [
      'an open quote',
      'a\n"b"\n\n"x\n\ny',
      { format: 'csv' },
      'FILE_FORMAT',
      'records: line 4, column 1: expected a closing quote for value 1 of the row, but found the end of the file',
    ],
    [
      'text behind a quote',
      '"a"b',
      { format: 'csv' },
      'FILE_FORMAT',
      'records: line 1, column 1: expected a delimiter behind the closing quote of value 1, but found "b"',
    ],
    [
      'mixed keys',
      '{"t":1}\n{"t":"x"}',
      { orderBy: 't' },
      'FILE_FORMAT',
      'records: expected a number to sort record 1 by, but found "x"',
    ],
  ] as const)('fails for %s', async (_name, text, raw, code, message) => {
    await expect(recordsOf(text, raw)).rejects.toMatchObject({ code, message: expect.stringContaining(message) });
  });

  it('refuses to open without its file, with too large a one, or with a broken sort expression', async () => {
    await expect(open('{}', { path: 'gone' })).rejects.toMatchObject({ code: 'FILE_NOT_FOUND' });
    await expect(open('{}', { path: '.' })).rejects.toMatchObject({ code: 'FILE_NOT_FOUND' });
    await expect(open('{"a":1}', { fileBytesMax: 3 })).rejects.toMatchObject({ code: 'FILE_TOO_LARGE' });
    await expect(open('{}', { orderBy: 'a +' })).rejects.toMatchObject({ code: 'EXPRESSION_SYNTAX' });
  });

  it('keeps to its rate', async () => {
    const { sink, clock } = await open('1\n2\n3\n4\n5', { ratePerSecond: 2 });
    await until('the next step', () => sink.outputs.length === 1);
    await until('the next step', () => clock.nextDueMs !== undefined);
    clock.advance(500);
    await until('the next step', () => sink.outputs.length === 2);
    await until('the next step', () => clock.nextDueMs === 1000);
    clock.advance(499);
    expect(sink.outputs.length).toBe(2);
    clock.advance(1);
    await until('the next step', () => sink.outputs.length === 3);
  });

  it('waits for room, and gives records with their number and file', async () => {
    const { sink } = await open('"a"\n"b"\n"c"', {}, testSink(2));
    await until('the next step', () => sink.outputs.length === 2);
    expect(sink.isFinished).toBe(false);
    sink.makeRoom(5);
    await until('the next step', () => sink.isFinished);
    expect(sink.outputs.at(-1)).toEqual({ record: 'c', index: 2, file: 'records' });
  });

  it('stops where it is, when its jobs have ended', async () => {
    const { sink, instance } = await open('1\n2\n3', {}, testSink(1));
    await until('the next step', () => sink.outputs.length === 1);
    const stopping = instance.stop();
    sink.settleAll();
    await stopping;
    expect([sink.outputs.length, sink.isFinished]).toEqual([1, false]);
  });
});

it('parses CSV the same however it is cut into pieces', async () => {
  const text = 'a,b\r\n"x ""y"", z","1\r\n2"\n\n,\n"",q\r\n"open" x",1\nlast,"\u00e9"';
  const rowsOf = async (...pieces: string[]) => {
    const chunks = (async function* () {
      yield* pieces;
    })();
    const found = [];
    for await (const rows of csvRows(chunks, { delimiter: ',', lineEnd: 'lf', firstLine: 1, withText: false }))
      for (const row of rows) found.push(row instanceof BadRecord ? [row.line, 'bad'] : [row.line, ...row.values]);
    return found;
  };
  const expected = await rowsOf(text);
  for (let cut = 0; cut <= text.length; cut++)
    expect(await rowsOf(text.slice(0, cut), text.slice(cut)), `cut at ${cut}`).toEqual(expected);
  expect(expected).toEqual([
    [1, 'a', 'b'],
    [2, 'x "y", z', '1\r\n2'],
    [5, '', ''],
    [6, '', 'q'],
    [7, 'bad'],
    [8, 'last', '\u00e9'],
  ]);
});

describe('a file that changes while it is read', () => {
  const lines = (from: number, count: number) =>
    Array.from({ length: count }, (_, index) => `{"n":${from + index},"fill":"${'.'.repeat(200)}"}\n`).join('');
  const path = join(folder, 'records');
  const count = 2_000;

  /** Reads the file, and does something to it once the first pieces have been read and the rest has to wait for room. */
  async function readWhile(change: () => void) {
    const sink = testSink(10);
    const { instance } = await open(lines(0, count), {}, sink);
    await until('the first records', () => sink.outputs.length === 10);
    change();
    sink.makeRoom(Number.POSITIVE_INFINITY);
    await until('the end of the file', () => sink.isFinished || sink.failure !== undefined);
    sink.settleAll();
    await instance.stop();
    const numbers = sink.outputs.map((output) => (output as { record: { n: number } }).record.n);
    return { numbers, failure: sink.failure };
  }
  const all = Array.from({ length: count }, (_, index) => index);

  it('is read to where it ended when it was opened, however much is appended', async () => {
    const { numbers, failure } = await readWhile(() => appendFileSync(path, lines(count, 100)));
    expect(failure).toBeUndefined();
    expect(numbers).toEqual(all);
  });

  it('is read to its end when another is put in its place', async () => {
    const { numbers, failure } = await readWhile(() => {
      writeFileSync(`${path}.new`, lines(100_000, count));
      renameSync(`${path}.new`, path);
    });
    expect(failure).toBeUndefined();
    expect(numbers).toEqual(all);
  });

  it('is a fault when it is cut: what is missing is not passed over', async () => {
    const { failure } = await readWhile(() => truncateSync(path, 100_000));
    expect(failure).toMatchObject({
      code: 'FILE_READ_FAILED',
      message: expect.stringMatching(/^reading records: expected \d+ bytes, as when it was opened, but found \d+/),
    });
  });
});
