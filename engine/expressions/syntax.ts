import jsonata from 'jsonata';
import type { Result } from '../base/result.ts';
import { ok, refused } from '../base/result.ts';
import { ExpressionError } from './expression-error.ts';

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

/** Limits on what one interpreted expression may use. */
export const interpreterLimits = { timeout: 5_000, stack: 1_000, sequence: 1_000_000 } as const;

/** A parsed expression: its tree, and JSONata's own interpreter for it. */
export interface ParsedExpression {
  readonly tree: SyntaxNode;
  readonly interpreter: jsonata.Expression;
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
    const interpreter = jsonata(text, interpreterLimits);
    return ok({ tree: interpreter.ast() as unknown as SyntaxNode, interpreter });
  } catch (thrown) {
    return refused(new ExpressionError('EXPRESSION_SYNTAX', text, thrown));
  }
}
