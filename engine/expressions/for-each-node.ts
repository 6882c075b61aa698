import type { SyntaxNode } from './syntax.ts';

/** Calls `visit` for every node of a tree, before the nodes inside of it. */
export function forEachNode(tree: SyntaxNode, visit: (node: SyntaxNode) => void): void {
  const seen = new Set<object>();
  const walk = (value: unknown): void => {
    if (typeof value !== 'object' || value === null || value instanceof RegExp || seen.has(value)) return;
    seen.add(value);
    if (!Array.isArray(value) && typeof (value as { type?: unknown }).type === 'string') visit(value as SyntaxNode);
    for (const inner of Object.values(value)) walk(inner);
  };
  walk(tree);
}
