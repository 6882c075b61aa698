import type { Transition } from '../../engine/model/document.ts';

/** Characters of a condition shown on its wire; the whole is in the tooltip. */
const conditionShownMax = 40;
/** px that a letter of a wire's words takes at most on average, and the frame around them. */
const letterWidth = 6.8;
const frameWidth = 18;
/** px that words on a wire may take; longer ones are cut. */
export const wireWordsWidthMax = 240;

/** What a wire says: its name, its condition or its kind; undefined for a plain success. */
export function wordsOfWire({ kind, condition = '', name }: Transition): string | undefined {
  if (name !== undefined && name !== '') return name;
  if (kind === 'success') return undefined;
  if (kind !== 'condition') return kind;
  const line = condition.replace(/\s+/g, ' ').trim();
  if (line === '') return 'no condition';
  return line.length > conditionShownMax ? `${line.slice(0, conditionShownMax - 1)}…` : line;
}

/** px that the words of a wire want; 0 for a wire that says nothing. */
export function wireWordsWidth(wire: Transition): number {
  const words = wordsOfWire(wire);
  return words === undefined ? 0 : Math.min(wireWordsWidthMax, Math.ceil(words.length * letterWidth) + frameWidth);
}
