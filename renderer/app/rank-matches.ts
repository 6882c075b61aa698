/**
 * The items that match what was typed, best first: every word must occur; a word's start counts more than its middle, and an
 * early place more than a late one. All items, in their order, when nothing was typed.
 */
export function rankMatches<T>(query: string, items: readonly T[], textOf: (item: T) => string): readonly T[] {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return items;
  const scored = items.flatMap((item, index) => {
    const score = scoreOf(textOf(item).toLowerCase(), words);
    return score === undefined ? [] : [{ item, index, score }];
  });
  return scored.sort((a, b) => b.score - a.score || a.index - b.index).map(({ item }) => item);
}

function scoreOf(text: string, words: readonly string[]): number | undefined {
  let score = 0;
  for (const word of words) {
    const at = text.indexOf(word);
    if (at < 0) return undefined;
    const startsWord = new RegExp(`(^|[\\s.-])${escapePattern(word)}`).test(text);
    score += (startsWord ? 20 : 0) + Math.max(0, 10 - at / 4);
  }
  return score;
}

function escapePattern(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
