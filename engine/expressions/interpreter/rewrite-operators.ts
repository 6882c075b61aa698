import { binaryOperator, negate } from '../closures/operators.ts';
import { forEachNode } from '../for-each-node.ts';
import type { SyntaxNode } from '../syntax.ts';
import { sortKey, tieKey } from './sort-keys.ts';
import { childrenOf, descendantsOf } from './wildcards.ts';

type Mutable<T> = { -readonly [Name in keyof T]: T[Name] };

/**
 * Puts calls of our own functions in the place of operators, so that interpreter and closures calculate and compare alike, also with
 * numbers that a double cannot hold, which also sort by their digits and have no fields; and keeps grouping, which fills an empty list of the data, off the data. Changes the tree, which
 * JSONata then runs.
 */
export function rewriteOperators(tree: SyntaxNode): void {
  forEachNode(tree, (node) => {
    const { type, value, position = 0 } = node;
    if (type === 'binary' && typeof value === 'string') {
      const operator = binaryOperator(value, position);
      if (operator) becomeCall(node, operator, [node.lhs as SyntaxNode, node.rhs!]);
    } else if (type === 'unary' && value === '-' && node.expression) {
      becomeCall(node, (operand: unknown) => negate(operand, { token: '-', position }), [node.expression]);
    } else if (type === 'sort' && node.terms) {
      (node as Mutable<SyntaxNode>).terms = node.terms.flatMap((term) =>
        [sortKey, tieKey].map((key) => ({ ...term, expression: callOf(key, term.expression) })),
      );
    } else if (type === 'wildcard' || type === 'descendant') {
      const context: SyntaxNode = { type: 'variable', value: '', position };
      becomeCall(node, type === 'wildcard' ? childrenOf : descendantsOf, [context]);
    } else if (type === 'path' && node.group && !node.steps?.some(({ tuple }) => tuple)) {
      const { group: _group, ...path } = node;
      becomeCall(node, (list: unknown) => (Array.isArray(list) && list.length === 0 ? [] : list), [path]);
    }
  });
}

function callOf(implementation: unknown, argument: SyntaxNode): SyntaxNode {
  const node: SyntaxNode = { type: 'name', position: argument.position ?? 0 };
  becomeCall(node, implementation, [argument]);
  return node;
}

function becomeCall(node: SyntaxNode, implementation: unknown, args: readonly SyntaxNode[]): void {
  const call = node as Mutable<SyntaxNode>;
  // A literal whose value is the function: JSONata looks nothing up for it.
  const procedure: SyntaxNode = { type: 'value', value: implementation, position: node.position ?? 0 };
  Object.assign(call, { type: 'function', value: '(', procedure, arguments: args });
  delete (call as { lhs?: unknown }).lhs;
  delete (call as { rhs?: unknown }).rhs;
  delete (call as { expression?: unknown }).expression;
}
