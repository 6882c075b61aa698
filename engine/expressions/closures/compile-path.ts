import type { SyntaxNode } from '../syntax.ts';
import type { Closure } from './closure.ts';
import { NotCompiled } from './closure.ts';
import type { Filter } from './compile-filter.ts';
import { compileFilters } from './compile-filter.ts';
import type { Sequence } from './sequence.ts';
import { createSequence, fieldReader, isSequence, lookup, unwrap } from './sequence.ts';

/** One step of a path: `name`, or any other expression, with its filters. */
interface Step {
  readonly evaluate: Closure;
  readonly filters: readonly Filter[];
}

/** Compiles `a.b[0].c`. `compile` compiles the nodes inside. */
export function compilePath(node: SyntaxNode, compile: (node: SyntaxNode) => Closure): Closure {
  const nodes = node.steps ?? [];
  if (node.keepSingletonArray) throw new NotCompiled('[]');
  if (node.group) throw new NotCompiled('grouping');
  const steps = nodes.map((step) => compileStep(step, compile));
  const startsAtVariable = nodes[0]?.type === 'variable';
  const general: Closure = (input, root) => {
    const inputs = Array.isArray(input) && !startsAtVariable ? input : [input];
    return unwrap(walk(steps, inputs, root));
  };
  const names = nodes.every((step) => step.type === 'name' && !step.stages)
    ? nodes.map((step) => String(step.value))
    : undefined;
  return names ? compileNames(names, steps, general) : general;
}

function compileStep(node: SyntaxNode, compile: (node: SyntaxNode) => Closure): Step {
  if (node.tuple || node.focus || node.index || node.consarray || node.keepArray || node.group || node.type === 'sort')
    throw new NotCompiled(`step ${node.type}`);
  const filters = compileFilters(node.stages ?? [], compile);
  if (node.type !== 'name') return { evaluate: compile(node), filters };
  const read = fieldReader(String(node.value));
  return { evaluate: (input) => unwrap(lookup(input, read)), filters };
}

/** The common case, names only, without a sequence for as long as no array is met. */
function compileNames(names: readonly string[], steps: readonly Step[], general: Closure): Closure {
  const readers = names.map(fieldReader);
  const last = readers.length - 1;
  return (input, root) => {
    if (Array.isArray(input)) return general(input, root);
    let value: unknown = input;
    for (let index = 0; index <= last; index++) {
      if (typeof value !== 'object' || value === null) return undefined;
      if (Array.isArray(value)) return unwrap(walk(steps.slice(index), value, root));
      value = readers[index]!(value);
    }
    return isSequence(value) ? unwrap(createSequence(...value)) : value;
  };
}

function walk(steps: readonly Step[], inputs: readonly unknown[], root: unknown): unknown {
  let current = inputs;
  for (let index = 0; index < steps.length; index++) {
    current = applyStep(steps[index]!, current, root, index === steps.length - 1);
    if (current.length === 0) break;
  }
  return current;
}

function applyStep(step: Step, inputs: readonly unknown[], root: unknown, isLast: boolean): readonly unknown[] {
  const results: unknown[] = [];
  for (const input of inputs) {
    let result = step.evaluate(input, root);
    for (const filter of step.filters) result = filter(result, root);
    if (result !== undefined) results.push(result);
  }
  const [only] = results;
  // An array of the data at the end of a path stays the array it is.
  if (isLast && results.length === 1 && Array.isArray(only) && !isSequence(only)) return only;
  const flat: Sequence = createSequence();
  for (const result of results) {
    if (Array.isArray(result)) for (const item of result) flat.push(item);
    else flat.push(result);
  }
  return flat;
}
