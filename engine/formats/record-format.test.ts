import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BytesValue } from './bytes-value.ts';
import { jsonNull } from './json-null.ts';
import type { RecordFormat } from './record-format.ts';
import { decodeBytes, encodeBytes } from './record-format.ts';

const through = (bytes: Buffer, format: RecordFormat) =>
  encodeBytes(decodeBytes(bytes, format, 'Value'), format, 'Value');

describe('decodeBytes', () => {
  it.each([
    ['{"a":1}', { a: 1 }],
    [' [1]', [1]],
    ['\ufeff{"id":1}', { id: 1 }],
    ['null', 'null'],
    ['1.10', '1.10'],
    ['"12"', '"12"'],
    ['true', 'true'],
    ['hello', 'hello'],
    ['{not json', '{not json'],
    ['', ''],
  ])('reads %j automatically', (text, data) => {
    expect(decodeBytes(Buffer.from(text), 'auto', 'Value')).toEqual(data);
  });

  it.each([
    ['5', 5],
    [' "a" ', 'a'],
    ['null', jsonNull],
    ['\ufeff[]', []],
  ])('reads %j as JSON', (text, data) => {
    expect(decodeBytes(Buffer.from(text), 'json', 'Value')).toEqual(data);
  });

  it('gives bytes for what is no text, with their base64 for expressions, and null for none', () => {
    const bytes = decodeBytes(Buffer.from([0xff, 0x00]), 'auto', 'Value');
    expect(bytes).toBeInstanceOf(BytesValue);
    expect(JSON.stringify(bytes)).toBe('{"base64":"/wA="}');
    expect(decodeBytes(null, 'json', 'Value')).toBeNull();
  });

  it('says what it found where JSON or text was asked for', () => {
    expect(() => decodeBytes(Buffer.from('oops'), 'json', 'Value')).toThrow('expected JSON, found "oops"');
    expect(() => decodeBytes(Buffer.from([0xff]), 'text', 'Value')).toThrow('expected UTF-8 text, found bytes ff');
    const broken = Buffer.from([0x22, 0xff, 0x22]);
    expect(() => decodeBytes(broken, 'json', 'Key')).toThrow('Key: expected JSON in UTF-8, found bytes 22ff22');
  });

  it.each(['auto', 'json'] as const)('refuses more levels than the limit in the format %s, naming both', (format) => {
    const levels = (count: number) => Buffer.from(`${'[{"a":'.repeat(count / 2)}1${'}]'.repeat(count / 2)}`);
    expect(through(levels(20_000), format)).toEqual(levels(20_000));
    for (const count of [20_002, 50_000])
      expect(() => decodeBytes(levels(count), format, 'Value')).toThrow(
        expect.objectContaining({
          code: 'KAFKA_DECODE_FAILED',
          message: 'Value: expected JSON of at most 20000 levels inside each other, found more',
        }),
      );
    // What only begins like one is the text that it is.
    if (format === 'auto') expect(decodeBytes(Buffer.from('['.repeat(5_000)), format, 'Value')).toBe('['.repeat(5_000));
  });
});

describe('encodeBytes', () => {
  it.each([
    ['auto', 'text', 'text'],
    ['auto', { a: [1] }, '{"a":[1]}'],
    ['auto', 5, '5'],
    ['auto', jsonNull, 'null'],
    ['json', 'text', '"text"'],
    ['json', jsonNull, 'null'],
    ['text', true, 'true'],
    ['bytes', 'aGk=', 'hi'],
    ['bytes', new BytesValue(Buffer.from('hi')), 'hi'],
    ['json', new BytesValue(Buffer.from('hi')), '{"base64":"aGk="}'],
  ] as const)('writes as %s: %j', (format, data, text) => {
    expect(String(encodeBytes(data, format, 'Value'))).toBe(text);
  });

  it('keeps null, which is a tombstone', () => {
    expect(encodeBytes(null, 'json', 'Value')).toBeNull();
  });

  it.each([
    [{}, 'text', 'Value: expected text, a number or true/false, found an object'],
    ['no base64', 'bytes', 'Value: expected base64 text, found the string no base64'],
    [Number.NaN, 'auto', 'Value: expected a finite number, found NaN'],
    [Number.POSITIVE_INFINITY, 'text', 'Value: expected a finite number, found Infinity'],
    [() => 1, 'auto', 'Value: expected data that JSON can hold, found a function'],
    [nested(20_000), 'auto', 'Value: expected data that JSON can hold, found more levels inside each other than'],
  ] as const)('refuses what does not fit, naming the field', (data, format, message) => {
    expect(() => encodeBytes(data, format, 'Value')).toThrow(
      expect.objectContaining({ code: 'KAFKA_ENCODE_FAILED', message: expect.stringContaining(message) }),
    );
  });
});

function nested(levels: number): unknown {
  let data: unknown = [];
  for (let level = 0; level < levels; level++) data = [data];
  return data;
}

const nasty = [
  '{"id":9007199254740993}',
  '{"id":1e400,"b":10.00,"c":-0,"d":1.5E3}',
  '{"b":1,"2":2,"1":3}',
  '{"a":1,"a":2}',
  '{"a":"\\u00e9","b":"\\ud800"}',
  '\ufeff{ "id" : 1 }\n',
  '\ufeff',
  '9007199254740993',
  '1e5',
  ' 12 ',
  '"12"',
  'null',
  ' null',
  'NaN',
  '{"__proto__":{"x":1},"toJSON":1}',
  '[[[]]]',
  '{',
].map((text) => Buffer.from(text));
const bytes = fc.oneof(
  fc.constantFrom(...nasty, Buffer.from([0x7b, 0xff, 0x7d]), Buffer.from([0x63, 0x61, 0x66, 0xe9])),
  fc.uint8Array({ maxLength: 40 }).map((array) => Buffer.from(array)),
  fc.json().map((text) => Buffer.from(text)),
  fc.string({ unit: 'binary' }).map((text) => Buffer.from(text)),
);

describe('decode and encode undo each other', () => {
  it.each(['auto', 'text', 'bytes'] as const)('in the format %s', (format) => {
    fc.assert(
      fc.property(bytes, (given) => {
        try {
          decodeBytes(given, format, 'Value');
        } catch {
          fc.pre(false);
        }
        expect(through(given, format)!.toString('hex')).toBe(given.toString('hex'));
      }),
      { numRuns: 2_000 },
    );
  });

  it('in the format json: the same bytes for objects and lists, the same data for a lone number or text', () => {
    fc.assert(
      fc.property(bytes, (given) => {
        let data: unknown;
        try {
          data = decodeBytes(given, 'json', 'Value');
        } catch {
          fc.pre(false);
        }
        const written = through(given, 'json')!;
        if (typeof data === 'object' && data !== jsonNull && !('text' in data!))
          expect(written.toString('hex')).toBe(given.toString('hex'));
        else expect(decodeBytes(written, 'json', 'Value')).toEqual(data);
      }),
      { numRuns: 2_000 },
    );
  });

  it.each(nasty.map((given) => [String(given), given] as const))('also inside of a new object: %j', (_text, given) => {
    const data = decodeBytes(given, 'auto', 'Value');
    if (typeof data !== 'object') return;
    const written = String(encodeBytes({ a: data, list: [1, data] }, 'auto', 'Value'));
    const text = String(given).replace('\ufeff', '');
    expect(written).toBe(`{"a":${text},"list":[1,${text}]}`);
  });
});
