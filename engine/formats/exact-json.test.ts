import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { packExact, parseJson, parseJsonBytes, parsePacked, stringifyJson } from './exact-json.ts';
import { ExactNumber, isExactNumber } from './exact-number.ts';

describe('numbers in JSON', () => {
  it.each([
    '9007199254740993',
    '-9007199254740993',
    '9223372036854775807',
    '12345678901234567000',
    '12345678901234567.89',
    '0.12345678901234567890123',
    '1e400',
    '1E-400',
  ])('%s keeps its text', (text) => {
    const data = parseJson(`{"a":[${text}]}`) as { a: unknown[] };
    expect(data.a[0]).toEqual(new ExactNumber(text));
    expect(JSON.stringify(data)).toBe(`{"a":[${text}]}`);
    expect(stringifyJson({ b: data.a[0] })).toBe(`{"b":${text}}`);
  });

  it.each(['9007199254740991', '0.1', '0.30000000000000004', '1.10', '1e21', '-0', '5e-324', '1.7976931348623157e308'])(
    '%s is a plain number',
    (text) => {
      expect(parseJson(text)).toBe(Number(text));
    },
  );

  it('takes long digits inside of texts for what they are', () => {
    const text = '{"1234567890123456789":"9007199254740993, 1e400","n":1}';
    expect(parseJson(text)).toEqual({ '1234567890123456789': '9007199254740993, 1e400', n: 1 });
  });

  it('finds every number that a double does not hold, wherever it stands', () => {
    const digits = fc.stringMatching(/^-?(0|[1-9]\d{0,24})(\.\d{1,20})?([eE][-+]?\d{1,4})?$/);
    fc.assert(
      fc.property(digits, fc.stringMatching(/^[-+.eE0-9a-f"é ]{0,40}$/), (number, before) => {
        const text = `{"before":${JSON.stringify(before)},"list":[${number}]}`;
        const { list } = parseJsonBytes(Buffer.from(text), text) as { list: unknown[] };
        const [value] = list;
        if (isExactNumber(value)) expect(value.text).toBe(number);
        else expect(Number(value)).toBe(Number(number));
        expect(parseJson(text)).toEqual(parseJsonBytes(Buffer.from(text), text));
        if (!isExactNumber(value)) expect(Math.abs(value as number)).toBeLessThan(Number.POSITIVE_INFINITY);
      }),
      { numRuns: 3_000 },
    );
  });

  it.each([
    ['zeros in a text', `{"bits":"${'0'.repeat(1_000_000)}"}`],
    ['zeros behind a point', `{"n":0.${'0'.repeat(1_000_000)}1}`],
    ['zeros within a number', `{"n":1.${'0'.repeat(1_000_000)}1}`],
  ])('looks once at a million %s', (_what, text) => {
    // The time limit of a test is the assertion: gone through again at every sixteenth digit this takes half an hour.
    expect(parseJsonBytes(Buffer.from(text), text)).toEqual(parseJson(text));
  });

  it('travels as plain data and comes back', () => {
    const data = { id: new ExactNumber('9007199254740993'), list: [1, new ExactNumber('1e400')], text: 'x' };
    const sent = structuredClone(packExact(data));
    expect(parsePacked(JSON.stringify(sent))).toEqual(data);
  });

  it('takes an object for a number only where it holds one', () => {
    for (const text of ['abc', '01', '', '1 ', '0x1', 'Infinity']) {
      const data = { a: { '\u0000number': text } };
      expect(parsePacked(JSON.stringify(packExact(data)))).toEqual(data);
    }
    const more = { '\u0000number': '5', other: 1 };
    expect(parsePacked(JSON.stringify(more))).toEqual(more);
  });
});
