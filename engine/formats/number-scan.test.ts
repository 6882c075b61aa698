import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseJson, parseJsonBytes, stringifyJson } from './exact-json.ts';
import { ExactNumber, numberOf } from './exact-number.ts';
import { jsonLevelsMax } from './number-scan.ts';

/** The plain way: each number of the text is looked at by itself. */
function parsePlainly(text: string): unknown {
  const revive = (_name: string, value: unknown, context?: { source?: string }): unknown =>
    typeof value === 'number' ? numberOf(context!.source!) : value;
  return JSON.parse(text, revive as (name: string, value: unknown) => unknown);
}

const digits = fc.oneof(
  fc.stringMatching(/^-?(0|[1-9]\d{0,24})(\.\d{1,20})?([eE][-+]?\d{1,4})?$/),
  fc.stringMatching(/^-?(0|[1-9]\d?)(\.0{0,3}\d)?[eE][-+]?0?(30\d|32\d|40\d)$/),
  fc.stringMatching(/^-?[1-9]\d{7}\.\d{7,9}$/),
  fc.constantFrom(
    '0',
    '-0',
    '0.0',
    '0e-400',
    '0e400',
    '5e-324',
    '4.9E-324',
    '2.2250738585072014e-308',
    '1e308',
    '1.8e308',
  ),
  fc.integer().map(String),
);
const quoted = fc
  .oneof(
    fc.stringMatching(/^[-+.eE0-9a-f" é\\]{0,40}$/),
    fc.string(),
    fc.constantFrom('2026-11-27', '1e-400', '1234567890123456789'),
  )
  .map((text) => JSON.stringify(text));
const { json } = fc.letrec<{ json: string }>((tie) => ({
  json: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    digits,
    quoted,
    fc.constantFrom('null', 'true', ' [ ] ', '{}'),
    fc.array(tie('json'), { maxLength: 4 }).map((items) => `[${items.join(', ')}]`),
    fc
      .array(fc.tuple(quoted, tie('json')), { maxLength: 4 })
      .map((fields) => `{${fields.map(([name, value]) => `${name}:${value}`).join(',')}}`),
  ),
}));

describe('the scan for numbers that a double cannot hold', () => {
  it('gives what looking at each number gives', () => {
    fc.assert(
      fc.property(json, fc.nat(9), (text, gap) => {
        const padded = ' '.repeat(gap) + text;
        const expected = parsePlainly(padded);
        expect(parseJsonBytes(Buffer.from(padded), padded)).toEqual(expected);
        expect(parseJson(padded)).toEqual(expected);
      }),
      { numRuns: 5_000 },
    );
  });

  it('finds a long number at every place of a text of every length', () => {
    for (let before = 0; before < 40; before++)
      for (let behind = 0; behind < 40; behind++)
        for (const number of ['9007199254740993', '12345678.90123456789', '0.10000000000000001']) {
          const text = `[${' '.repeat(before)}${number}${' '.repeat(behind)}]`;
          expect(parseJsonBytes(Buffer.from(text), text), text).toEqual([new ExactNumber(number)]);
        }
  });

  it('finds none where the digits only look like one', () => {
    for (const text of [
      '"1234567890123456789"',
      '[1700000000000,1700000000001]',
      '[0,"2026-11-27",1e-3]',
      '[12345678, 12345678]',
    ])
      expect(stringifyJson(parseJson(text))).toBe(JSON.stringify(JSON.parse(text)));
  });
});

describe('JSON of many levels', () => {
  const nested = (levels: number, inner: string) => '['.repeat(levels) + inner + ']'.repeat(levels);

  it.each(['', '9007199254740993', '1e400', '0'])('is read and refused beyond the limit, with %s inside', (inner) => {
    const text = nested(1_000, inner);
    expect(stringifyJson(parseJson(text))).toBe(text);
    for (const levels of [jsonLevelsMax + 1, 100_000])
      expect(() => parseJson(nested(levels, inner))).toThrow(
        new RangeError('expected JSON of at most 20000 levels inside each other, found more'),
      );
  });

  it('says what stands in the way of a long number under more levels than the stack has room for', () => {
    expect(() => parseJson(nested(15_000, '9007199254740993'))).toThrow(
      'fewer levels inside each other around numbers',
    );
  });

  it('counts objects and lists', () => {
    const half = 500;
    const text = (levels: number) => '{"a":['.repeat(levels) + ']}'.repeat(levels);
    expect(stringifyJson(parseJson(text(half)))).toBe(text(half));
    expect(() => parseJson(text(jsonLevelsMax / 2 + 1))).toThrow(RangeError);
  });
});
