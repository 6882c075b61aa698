import type { ExpressionReference } from '../model/expression-analysis.ts';
import type { SyntaxNode } from './syntax.ts';

/** Names known to lead from the context to a value, or undefined where that cannot be said. */
type Base = { readonly path: readonly string[]; readonly positions: readonly number[] } | undefined;

const root: Base = { path: [], positions: [] };

/**
 * Every path that an expression reads, in the order of the text, also those inside of filters and constructors.
 * A path ends where a wildcard or a computed step begins.
 */
export function findReferences(tree: SyntaxNode, text: string): readonly ExpressionReference[] {
  const found = new Map<string, ExpressionReference>();
  new Walk(text, found).visit(tree, root);
  return [...found.values()].sort((a, b) => (a.positions[0] ?? 0) - (b.positions[0] ?? 0));
}

class Walk {
  readonly #text: string;
  readonly #found: Map<string, ExpressionReference>;

  constructor(text: string, found: Map<string, ExpressionReference>) {
    this.#text = text;
    this.#found = found;
  }

  /** Visits a node whose context is at `base`, and says where its own value is, as far as that is known. */
  visit(node: SyntaxNode, base: Base): Base {
    const value = this.#visitKind(node, base);
    for (const stage of node.predicate ?? []) if (stage.expr) this.visit(stage.expr, value);
    for (const pair of node.group?.lhs ?? []) for (const part of pair) this.visit(part, value);
    return value;
  }

  #visitKind(node: SyntaxNode, base: Base): Base {
    if (node.type === 'path') return this.#visitPath(node, base);
    if (node.type === 'variable') return variableBase(node, base);
    if (node.type === 'block') {
      const values = (node.expressions ?? []).map((inner) => this.visit(inner, base));
      return values.at(-1);
    }
    for (const inner of children(node)) this.visit(inner, base);
    return undefined;
  }

  #visitPath(node: SyntaxNode, base: Base): Base {
    let at: Base = base;
    for (const step of node.steps ?? []) {
      if (step.type === 'name') at = this.#extend(at, step);
      else if (step.type === 'sort') for (const term of step.terms ?? []) this.visit(term.expression, at);
      else {
        this.#record(at);
        at = this.visit(step, at);
      }
      if (step.stages) this.#record(at);
      for (const stage of step.stages ?? []) if (stage.expr) this.visit(stage.expr, at);
      for (const pair of step.group?.lhs ?? []) for (const part of pair) this.visit(part, at);
    }
    this.#record(at);
    return at;
  }

  #record(at: Base): void {
    if (at?.path.length) this.#found.set(at.positions.join(' '), { path: at.path, positions: at.positions });
  }

  #extend(base: Base, step: SyntaxNode): Base {
    if (!base) return undefined;
    const name = String(step.value);
    return { path: [...base.path, name], positions: [...base.positions, this.#start(name, step.position ?? 0)] };
  }

  /** A name ends at its position, whether it stands plain, in backquotes or in double quotes. */
  #start(name: string, end: number): number {
    const plain = end - name.length;
    if (this.#text.slice(plain, end) === name) return plain;
    const quote = this.#text[end - 1] ?? '';
    const opening = quote === '`' || quote === '"' || quote === "'" ? this.#text.lastIndexOf(quote, end - 2) : -1;
    return opening >= 0 ? opening : Math.max(plain, 0);
  }
}

function variableBase(node: SyntaxNode, base: Base): Base {
  if (node.value === '') return base;
  return node.value === '$' ? root : undefined;
}

function children(node: SyntaxNode): readonly SyntaxNode[] {
  const pairs = Array.isArray(node.lhs) ? (node.lhs as readonly (readonly [SyntaxNode, SyntaxNode])[]).flat() : [];
  const left = node.lhs && !Array.isArray(node.lhs) ? [node.lhs as SyntaxNode] : [];
  const single = [node.rhs, node.expression, node.condition, node.then, node.else, node.procedure, node.body];
  return [
    ...pairs,
    ...left,
    ...single.filter((inner) => inner !== undefined),
    ...(node.expressions ?? []),
    ...(node.arguments ?? []),
    ...(node.type === 'transform' ? [node.pattern!] : []),
  ];
}
