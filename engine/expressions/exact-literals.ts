import { isExactNumber, numberOf } from '../formats/exact-number.ts';
import { forEachNode } from './for-each-node.ts';
import type { SyntaxNode } from './syntax.ts';

/** Characters of one number in an expression at most; a longer one is the double that the parser made of it. */
const literalCharactersMax = 1_000;
/** A number that ends where the text ends; `1..5` are two of them. */
const numberAtEnd = /(?:0|[1-9]\d*)(?:\.\d+)?(?:[Ee][-+]?\d+)?$/;

/**
 * Gives the numbers in an expression the digits that stand in its text: JSONata's parser reads them as doubles, so that
 * `id = 9007199254740993` would look for another id. Changes the tree.
 */
export function keepLiteralDigits(tree: SyntaxNode, text: string): void {
  forEachNode(tree, (node) => {
    const { type, value, position } = node;
    if (type !== 'number' || typeof value !== 'number' || position === undefined) return;
    const [digits] = numberAtEnd.exec(text.slice(Math.max(0, position - literalCharactersMax), position)) ?? [];
    if (digits === undefined || digits.length === literalCharactersMax) return;
    const isNegative = value < 0 || Object.is(value, -0);
    const exact = numberOf(isNegative ? `-${digits}` : digits);
    if (isExactNumber(exact)) (node as { value: unknown }).value = exact;
  });
}
