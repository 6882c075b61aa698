import { expect, it } from 'vitest';
import { linearRegex } from './linear-regex.ts';

type Exec = Pick<RegExp, 'lastIndex' | 'exec'>;

/** Every match with its groups, as JSONata goes through them. */
function allMatches(regex: Exec, text: string): unknown[] {
  const found: unknown[] = [];
  regex.lastIndex = 0;
  for (let match = regex.exec(text); match && found.length < 20; match = regex.exec(text)) {
    found.push([match.index, ...Array.from(match, (group: string | undefined) => group ?? null)]);
    if (match[0] === '') regex.lastIndex++;
  }
  return found;
}

it.each([
  [/.+/g, 'first line\r\nsecond\u2028third'],
  [/^(.*),(.*)$/gm, 'a,1\r\nb,2\rc,3\n\nd,4'],
  [/^\w+$/gm, 'one\r\ntwo\u2029three'],
  [/^\w+\r?$/gm, 'one\r\ntwo\n'],
  [/\w+$/g, 'one\r\ntwo\n'],
  [/[\S]+/g, 'a\u00a0b c\u3000d\ufeffe\u2003f'],
  [/[^\S]+|x*/g, 'a\u00a0 b\u0085c'],
  [/[\S\n]+/g, 'a\nb c'],
  [/\s+|\S+?/g, 'a\u2009b'],
  [/[.]+|[$^]+/g, '..$^x'],
  [/(a)|(b)?/g, 'ab'],
  [/\./g, 'a.b'],
  [/(é+)/gi, 'ÉéE'],
])('%s finds in %j what RegExp finds', (pattern, text) => {
  expect(allMatches(linearRegex(pattern) as Exec, text)).toEqual(allMatches(pattern, text));
});
