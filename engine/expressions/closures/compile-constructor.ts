import type { SyntaxNode } from '../syntax.ts';
import { append, released } from '../values/sequence.ts';
import type { Closure } from './closure.ts';
import { NotCompiled } from './closure.ts';

type Compile = (node: SyntaxNode) => Closure;

/** Compiles `[a, b]`: lists among the items are joined, except constructed ones, which stay lists of their own. */
export function compileArray(node: SyntaxNode, compile: Compile): Closure {
  if (node.consarray) throw new NotCompiled('array constructor in a path');
  const items = (node.expressions ?? []).map((item) => ({
    evaluate: compile(item),
    isConstructed: item.value === '[',
  }));
  return (input, root) => {
    const array: unknown[] = [];
    for (const { evaluate, isConstructed } of items) {
      const value = evaluate(input, root);
      if (value === undefined) continue;
      if (Array.isArray(value) && !isConstructed) for (const inner of value) array.push(inner);
      else array.push(released(value));
    }
    return array;
  };
}

/** Compiles `{"name": value}` with literal names; over a list it gives one object from all items, as JSONata does. */
export function compileObject(node: SyntaxNode, compile: Compile): Closure {
  const pairs = (node.lhs ?? []) as readonly (readonly [SyntaxNode, SyntaxNode])[];
  const names = pairs.map(([name]) => literalName(name));
  if (new Set(names).size < names.length) throw new NotCompiled('the same name twice');
  const values = pairs.map(([, value]) => compile(value));
  return (input, root) => {
    const context = Array.isArray(input) ? joined(input) : input;
    const object: Record<string, unknown> = {};
    for (let index = 0; index < values.length; index++) {
      const value = values[index]!(context, root);
      if (value !== undefined) object[names[index]!] = released(value);
    }
    return object;
  };
}

function joined(items: readonly unknown[]): unknown {
  return items.slice(1).reduce((all, item) => append(all, item), items[0]);
}

function literalName(node: SyntaxNode): string {
  if (node.type !== 'string' || node.predicate || typeof node.value !== 'string')
    throw new NotCompiled('computed name');
  if (node.value === '__proto__' || node.value.startsWith('_jsonata_')) throw new NotCompiled(node.value);
  return node.value;
}
