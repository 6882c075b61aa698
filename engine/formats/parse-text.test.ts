import { describe, expect, it } from 'vitest';
import { randomBelow } from '../base/random.ts';
import { SeededRandom } from '../base/testing/seeded-random.ts';
import { parseJson } from './exact-json.ts';
import { parseText } from './parse-text.ts';

const namesOf = (data: unknown) => Object.keys(data as object);

describe('parseText', () => {
  it('keeps a name with an escape apart from the name of an object before it', () => {
    parseText('{"a":1,"\\\\":2}');
    expect(namesOf(parseText('{"a":1,"\\n":2}'))).toEqual(['a', '\n']);
    parseText('{"b":1,"x\\\\":2}');
    expect(namesOf(parseText('{"b":1,"x\\n":2}'))).toEqual(['b', 'x\n']);
    parseText('{"c":1,"\\\\n":2}');
    expect(namesOf(parseText('{"c":1,"\\nx":2}'))).toEqual(['c', '\nx']);
  });

  it('does so in numbers that a double cannot hold, in lists and in objects within', () => {
    parseJson('{"a":1,"\\\\":2}');
    const data = parseJson('[{"a":12345678901234567890,"\\n":{"a":1,"\\t":[2]}}]') as [Record<string, unknown>];
    expect(namesOf(data[0])).toEqual(['a', '\n']);
    expect(String(data[0].a)).toBe('12345678901234567890');
    expect(data[0]['\n']).toEqual({ a: 1, '\t': [2] });
  });

  it('takes the last of a name that stands twice, and a name that objects have by themselves', () => {
    expect(parseText('{"b":1,"\\u0062":2,"c":"\\""}')).toEqual({ b: 2, c: '"' });
    expect(Object.entries(parseText('{"__pr\\u006fto__":1}') as object)).toEqual([['__proto__', 1]]);
    expect(parseText('{"<0>":1,"\\t<1>":2,"<0>\\n":3}')).toEqual({ '<0>': 1, '\t<1>': 2, '<0>\n': 3 });
  });

  it('reads values as long as a message may be, full of escapes', () => {
    const data = { a: '\\"\n'.repeat(6_000_000), '\n': 1 };
    expect(parseText(JSON.stringify(data))).toEqual(data);
  });

  it('refuses what is no JSON in the words of JSON.parse', () => {
    for (const text of ['{"a\\n":', '"\\', '{"\\x":1}', '\\', '{"a":"\\"}', '{\\n:1}']) {
      expect(() => parseText(text)).toThrow(SyntaxError);
      expect(() => JSON.parse(text)).toThrow(SyntaxError);
    }
  });

  it.each([1, 2, 3])('gives back the names of objects of any names (seed %i)', (seed) => {
    const random = new SeededRandom(seed);
    const letters = ['\\', '\n', 'n', '"', 'a', '\u0001', ':', ' ', '{', 'é'];
    const name = () =>
      Array.from({ length: 1 + randomBelow(random, 3) }, () => letters[randomBelow(random, letters.length)]).join('');
    for (let run = 0; run < 3_000; run++) {
      const data = Object.fromEntries(Array.from({ length: 1 + randomBelow(random, 3) }, () => [name(), name()]));
      expect(Object.entries(parseText(JSON.stringify(data)) as object)).toEqual(Object.entries(data));
    }
  });
});
