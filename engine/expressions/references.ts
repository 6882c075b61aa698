import type { ExpressionReference } from '../model/expression-analysis.ts';
import { listParameter } from './list-parameter.ts';
import type { SyntaxNode } from './syntax.ts';

/** Names known to lead from the context to a value, or undefined where that cannot be said. */
type Base = { readonly path: readonly string[]; readonly positions: readonly number[] } | undefined;

/** Where the values of variables are: of blocks, of parameters, of `@$x`. */
type Variables = ReadonlyMap<string, Base>;

const root: Base = { path: [], positions: [] };

/**
 * Every path that an expression reads, in the order of the text, also those inside of filters and constructors, and through variables
 * and the parameters of functions over lists. A path ends where a wildcard or a computed step begins.
 */
export function findReferences(tree: SyntaxNode, text: string): readonly ExpressionReference[] {
  const found = new Map<string, ExpressionReference>();
  new Walk(text, found).visit(tree, root, new Map());
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
  visit(node: SyntaxNode, base: Base, variables: Variables): Base {
    const value = this.#visitKind(node, base, variables);
    for (const stage of node.predicate ?? []) if (stage.expr) this.visit(stage.expr, value, variables);
    for (const pair of node.group?.lhs ?? []) for (const part of pair) this.visit(part, value, variables);
    return value;
  }

  #visitKind(node: SyntaxNode, base: Base, variables: Variables): Base {
    switch (node.type) {
      case 'path':
        return this.#visitPath(node, base, variables);
      case 'variable':
        return variableBase(node, base, variables);
      case 'block':
        return this.#visitBlock(node, base, variables);
      case 'lambda':
        this.#visitLambda(node, base, variables, () => undefined);
        return undefined;
      case 'function':
        this.#visitCall(node, base, variables);
        return undefined;
      case 'apply':
        this.#visitApply(node, base, variables);
        return undefined;
      case 'transform':
        this.#visitTransform(node, undefined, variables);
        return undefined;
      default:
        for (const inner of children(node)) this.visit(inner, base, variables);
        return undefined;
    }
  }

  /** Each part sees the variables that the parts before it bound. */
  #visitBlock(node: SyntaxNode, base: Base, variables: Variables): Base {
    const inside = new Map(variables);
    let last: Base;
    for (const part of node.expressions ?? []) {
      if (part.type === 'bind' && part.rhs) {
        last = this.visit(part.rhs, base, inside);
        inside.set(String((part.lhs as SyntaxNode).value), last);
      } else last = this.visit(part, base, inside);
    }
    return last;
  }

  #visitLambda(node: SyntaxNode, base: Base, variables: Variables, baseOf: (parameter: number) => Base): void {
    const inside = new Map(variables);
    for (const [index, { value }] of (node.arguments ?? []).entries()) inside.set(String(value), baseOf(index));
    if (node.body) this.visit(node.body, base, inside);
  }

  /** In `$map(list, function($item) {...})` the parameter is an item of the list: `piped` where that stands in front of `~>`. */
  #visitCall(node: SyntaxNode, base: Base, variables: Variables, piped?: { readonly base: Base }): void {
    const args = node.arguments ?? [];
    if (node.procedure) this.visit(node.procedure, base, variables);
    const list = piped ? piped.base : args[0] && this.visit(args[0], base, variables);
    for (const argument of piped ? args : args.slice(1)) {
      if (argument.type !== 'lambda') this.visit(argument, base, variables);
      else
        this.#visitLambda(argument, base, variables, (parameter) =>
          listParameter(String(node.procedure?.value), parameter) ? list : undefined,
        );
    }
  }

  #visitApply(node: SyntaxNode, base: Base, variables: Variables): void {
    const left = this.visit(node.lhs as SyntaxNode, base, variables);
    if (node.rhs?.type === 'transform') this.#visitTransform(node.rhs, left, variables);
    else if (node.rhs?.type === 'function') this.#visitCall(node.rhs, base, variables, { base: left });
    else if (node.rhs) this.visit(node.rhs, base, variables);
  }

  /** `|pattern|update, delete|`: the pattern looks into what is changed, the rest into what the pattern found. */
  #visitTransform(node: SyntaxNode, base: Base, variables: Variables): void {
    const matched = node.pattern && this.visit(node.pattern, base, variables);
    for (const part of [node.update, node.delete]) if (part) this.visit(part, matched, variables);
  }

  #visitPath(node: SyntaxNode, base: Base, outer: Variables): Base {
    let at: Base = base;
    let variables = outer;
    for (const step of node.steps ?? []) {
      const before = at;
      if (step.type === 'name') at = this.#extend(at, step);
      else if (step.type === 'sort') {
        for (const term of step.terms ?? []) this.visit(term.expression, at, variables);
      } else {
        this.#record(at);
        at = this.visit(step, at, variables);
      }
      if (step.stages) this.#record(at);
      for (const stage of step.stages ?? []) if (stage.expr) this.visit(stage.expr, at, variables);
      for (const pair of step.group?.lhs ?? []) for (const part of pair) this.visit(part, at, variables);
      if (step.focus) {
        // `items@$item`: the item has a name, and the context stays where it was.
        this.#record(at);
        variables = new Map(variables).set(step.focus, at);
        at = before;
      }
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

function variableBase(node: SyntaxNode, base: Base, variables: Variables): Base {
  if (node.value === '') return base;
  return node.value === '$' ? root : variables.get(String(node.value));
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
  ];
}
