import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ReceivedRecord } from '../kafka/received-record.ts';
import { inputLines, withoutMark } from './input-lines.ts';
import { parseRecordLine, recordLine } from './record-line.ts';

const received = (parts: Partial<ReceivedRecord>): ReceivedRecord => ({
  topic: 't',
  partition: 3,
  offset: 7,
  timestampMs: 1_500_000_000_123,
  timestampType: 'create',
  key: null,
  value: null,
  headers: [],
  sizeBytes: 0,
  ...parts,
});

const values = [
  '{"a":1,"a":2}',
  '{"id":9007199254740993,"price":1.10}',
  ' {"a":1}',
  '{"a":1}\n',
  '{\n  "a": 1\n}',
  '"quoted"',
  'null',
  'true',
  '1e400',
  '-0',
  '',
  ' ',
  'plain, "text"',
  '\ufeff{"a":1}',
  '{"valueBase64":"x","value":[{"key":"}"}]}',
];

describe('a record as a line', () => {
  it.each(values)('comes back as it was: %j', (text) => {
    const line = recordLine(received({ key: Buffer.from(text), value: Buffer.from(text) }));
    expect(line).not.toContain('\n');
    expect(parseRecordLine(line)).toMatchObject({ key: Buffer.from(text), value: Buffer.from(text) });
  });

  it('comes back as it was whatever is in it', () => {
    const bytes = fc.option(
      fc.oneof(
        fc.uint8Array().map((array) => Buffer.from(array)),
        fc.json().map((json) => Buffer.from(json)),
        fc.string({ unit: 'grapheme' }).map((text) => Buffer.from(text)),
      ),
    );
    const name = fc.string({ unit: 'grapheme' });
    const headers = fc.array(fc.record({ key: name, value: bytes }));
    const time = fc.oneof(fc.constant(-1), fc.maxSafeNat());
    fc.assert(
      fc.property(bytes, bytes, headers, time, fc.nat(), (key, value, given, timestampMs, partition) => {
        const line = recordLine(received({ key, value, headers: given, timestampMs, partition }));
        JSON.parse(line);
        expect(parseRecordLine(line)).toEqual({ key, value, headers: given, timestampMs, partition });
      }),
      { numRuns: 1_000 },
    );
  });

  it('shows text and JSON in their shortest form', () => {
    const headers = [
      { key: 'h', value: Buffer.from('1') },
      { key: 'h', value: Buffer.from([0xff]) },
    ];
    expect(recordLine(received({ key: Buffer.from('k'), value: Buffer.from('{"n": 1.10}'), headers }))).toBe(
      '{"topic":"t","partition":3,"offset":7,"timestamp":1500000000123,"key":"k","value":{"n": 1.10},"headers":[["h","1"],["h",{"base64":"/w=="}]]}',
    );
  });

  it('is read in the form that people write, too', () => {
    expect(parseRecordLine(' { "key" : "a", "value" : {"n":1} , "headers":{"h":"1"}} ')).toEqual({
      key: Buffer.from('a'),
      value: Buffer.from('{"n":1}'),
      headers: [{ key: 'h', value: Buffer.from('1') }],
      partition: undefined,
      timestampMs: undefined,
    });
  });

  it.each([
    ['{"value":1,"ts":5}', 'found "ts"'],
    ['{"key":1}', 'expected a field value'],
    ['[1]', 'expected a JSON object'],
    ['{"value":1,"value":2}', 'once, found it twice'],
    ['{"value":1,"valueBase64":"AA=="}', 'found both'],
    ['{"valueBase64":"A"}', 'expected base64'],
    ['{"value":1,"partition":1.5}', 'expected a whole number'],
    ['{"value":1,"headers":[["h",1]]}', 'expected a string'],
    ['{"value":1,"headers":[["h"]]}', 'expected [name, value]'],
    ['{"value":1', 'JSON'],
  ])('is refused when it is not one: %s', (line, message) => {
    expect(() => parseRecordLine(line)).toThrow(message);
  });
});

it('reads lines the same however the input is cut', async () => {
  const bytes = Buffer.from('\ufeffa\r\n\nb\xe9\n  \nlast', 'latin1');
  const marked = Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), bytes.subarray(1)]);
  const linesOf = async (...pieces: Buffer[]) => {
    async function* input() {
      yield* pieces;
    }
    const found = [];
    for await (const line of inputLines(input())) found.push([line.number, withoutMark(line).toString('latin1')]);
    return found;
  };
  for (let cut = 0; cut <= marked.length; cut++)
    expect(await linesOf(marked.subarray(0, cut), marked.subarray(cut))).toEqual([
      [1, 'a'],
      [3, 'b\xe9'],
      [4, '  '],
      [5, 'last'],
    ]);
});
