import { describe, expect, it } from 'vitest';
import { prettyJsonText } from './pretty-json.ts';
import { firstPartChars, furtherPartChars, textParts } from './text-parts.ts';

const textOf = (part: readonly { readonly text: string }[]) => part.map(({ text }) => text).join('');
const all = (text: string, format: 'json' | 'plain') => textParts(text, format).take(1_000).map(textOf);

describe('a long text in parts', () => {
  it('gives all of it, in order, in bounded parts', () => {
    const text = JSON.stringify(Array.from({ length: 30_000 }, (_, n) => ({ n, name: `row ${n}` })));
    const taken = all(text, 'json');
    expect(taken.join('')).toBe(prettyJsonText(text));
    expect(Math.max(...taken.map(({ length }) => length))).toBeLessThanOrEqual(furtherPartChars + 4_096);
    expect(taken[0]!.length).toBeLessThanOrEqual(firstPartChars + 4_096);
  });

  it('cuts one value of many megabytes too', () => {
    const text = JSON.stringify({ blob: 'x'.repeat(5_000_000) });
    const parts = textParts(text, 'json');
    expect(textOf(parts.take(1)[0]!).length).toBeLessThan(30_000);
    expect(parts.isAtEnd).toBe(false);
    expect(parts.take(2)[0]).toBe(parts.take(1)[0]);
    expect(all(text, 'json').join('')).toBe(prettyJsonText(text));
  });

  it('splits no letter of two halves', () => {
    const text = `a${'😀'.repeat(10_000)}`;
    expect(all(text, 'plain').join('')).toBe(text);
    expect(
      textParts(text, 'plain')
        .take(9)
        .flat()
        .every((piece) => piece.text.isWellFormed()),
    ).toBe(true);
  });

  it('is at its end at once when there is nothing', () => {
    expect(textParts('', 'plain').isAtEnd).toBe(true);
  });
});
