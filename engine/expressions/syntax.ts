import jsonata from 'jsonata';
import { messageOf } from '../base/errors.ts';
import type { Result } from '../base/result.ts';
import { ok, refused } from '../base/result.ts';
import { keepLiteralDigits } from './exact-literals.ts';
import { ExpressionError } from './expression-error.ts';
import { forEachNode } from './for-each-node.ts';
import { linearRegex } from './linear-regex.ts';

/**
 * A node of JSONata's syntax tree, as `jsonata(text).ast()` gives it (version 2.2; its own type declarations are narrower).
 * `position` is the character just behind the token.
 */
export interface SyntaxNode {
  readonly type: string;
  readonly value?: unknown;
  readonly position?: number;
  readonly steps?: readonly SyntaxNode[];
  readonly stages?: readonly Stage[];
  readonly predicate?: readonly Stage[];
  readonly expressions?: readonly SyntaxNode[];
  readonly arguments?: readonly SyntaxNode[];
  readonly procedure?: SyntaxNode;
  /** A node for operators, pairs of nodes for object constructors. */
  readonly lhs?: SyntaxNode | readonly (readonly [SyntaxNode, SyntaxNode])[];
  readonly rhs?: SyntaxNode;
  readonly expression?: SyntaxNode;
  readonly condition?: SyntaxNode;
  readonly then?: SyntaxNode;
  readonly else?: SyntaxNode;
  readonly body?: SyntaxNode;
  readonly group?: { readonly lhs: readonly (readonly [SyntaxNode, SyntaxNode])[] };
  readonly terms?: readonly { readonly expression: SyntaxNode }[];
  readonly pattern?: SyntaxNode;
  readonly update?: SyntaxNode;
  readonly delete?: SyntaxNode;
  readonly keepArray?: boolean;
  readonly keepSingletonArray?: boolean;
  readonly consarray?: boolean;
  readonly tuple?: boolean;
  readonly focus?: string;
  readonly index?: string;
}

/** A filter (`[...]`) or index binding behind a step. */
export interface Stage {
  readonly type: string;
  readonly expr?: SyntaxNode;
}

/** A parsed expression. */
export interface ParsedExpression {
  readonly tree: SyntaxNode;
}

/** Characters of an expression at most. */
const textCharactersMax = 100_000;

/** Parses a text with JSONata's own parser. An empty text is an expression that gives nothing and is refused. */
export function parseExpression(text: string): Result<ParsedExpression, ExpressionError> {
  if (text.length > textCharactersMax)
    return refused(
      new ExpressionError('EXPRESSION_SYNTAX', text.slice(0, 100), {
        message: `expected at most ${textCharactersMax} characters, but found ${text.length}`,
      }),
    );
  try {
    const tree = jsonata(text).ast() as unknown as SyntaxNode;
    forEachNode(tree, checkPattern);
    keepLiteralDigits(tree, text);
    return ok({ tree });
  } catch (thrown) {
    return refused(new ExpressionError('EXPRESSION_SYNTAX', text, thrown));
  }
}

/** Refuses a regular expression that cannot be promised to end. */
function checkPattern({ type, value, position = 0 }: SyntaxNode): void {
  if (type !== 'regex' || !(value instanceof RegExp)) return;
  try {
    linearRegex(value);
  } catch (thrown) {
    throw { code: 'REGEX_UNSUPPORTED', position, message: messageOf(thrown) };
  }
}
