import { describe, expect, it } from 'vitest';
import { prettyJson, prettyJsonText } from './pretty-json.ts';

describe('prettyJson', () => {
  it('keeps every digit and escape', () => {
    const text = '{"id":12345678901234567890,"rate":1.10,"e":1E+400,"s":"a\\u00e4\\"b"}';
    expect(prettyJsonText(text)).toBe(
      '{\n  "id": 12345678901234567890,\n  "rate": 1.10,\n  "e": 1E+400,\n  "s": "a\\u00e4\\"b"\n}',
    );
  });

  it('leaves empty objects and arrays on one line', () => {
    expect(prettyJsonText('{"a":{},"b":[],"c":[1,2]}')).toBe(
      '{\n  "a": {},\n  "b": [],\n  "c": [\n    1,\n    2\n  ]\n}',
    );
  });

  it('tells names from texts', () => {
    expect([...prettyJson('{"a":"b"}')].filter(({ kind }) => kind === 'name' || kind === 'string')).toEqual([
      { kind: 'name', text: '"a"' },
      { kind: 'string', text: '"b"' },
    ]);
  });

  it('lays out text that was cut short', () => {
    expect(prettyJsonText('{"a":{"b":"cut he')).toBe('{\n  "a": {\n    "b": "cut he');
  });

  it('keeps what stands between the words of a text that is no JSON', () => {
    expect(prettyJsonText('[2026] some words\there\n"a" "b"')).toBe(
      '[\n  2026\n] some words\there\n"a" "b"'.replace('] ', ']'),
    );
    expect(prettyJsonText('{a b: 1 2}')).toBe('{\n  a b: 1 2\n}');
  });
});
