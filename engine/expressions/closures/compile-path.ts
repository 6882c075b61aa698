import type { SyntaxNode } from '../syntax.ts';
import type { Sequence } from '../values/sequence.ts';
import { createSequence, fieldReader, isSequence, lookup, unwrap } from '../values/sequence.ts';
import type { Closure } from './closure.ts';
import { NotCompiled } from './closure.ts';
import type { Filter } from './compile-filter.ts';
import { compileFilters } from './compile-filter.ts';

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
  const plain = nodes.map(plainStep);
  return plain.every((step) => step !== undefined) ? compilePlain(plain, steps, general) : general;
}

function compileStep(node: SyntaxNode, compile: (node: SyntaxNode) => Closure): Step {
  if (node.tuple || node.focus || node.index || node.consarray || node.keepArray || node.group || node.type === 'sort')
    throw new NotCompiled(`step ${node.type}`);
  const filters = compileFilters(node.stages ?? [], compile);
  if (node.type !== 'name') return { evaluate: compile(node), filters };
  const read = fieldReader(String(node.value));
  return { evaluate: (input) => unwrap(lookup(input, read)), filters };
}

/** A step that is a name, or a name with one number in brackets. */
interface PlainStep {
  readonly read: (object: object) => unknown;
  /** The number, rounded down; undefined where there is none. */
  readonly at: number | undefined;
}

function plainStep({ type, value, stages = [] }: SyntaxNode): PlainStep | undefined {
  if (type !== 'name' || stages.length > 1) return undefined;
  const number = stages[0]?.expr;
  if (stages.length && (stages[0]!.type !== 'filter' || number?.type !== 'number' || number.predicate))
    return undefined;
  return { read: fieldReader(String(value)), at: number ? Math.floor(Number(number.value)) : undefined };
}

/** The common case, without a sequence for as long as no list has to be gone through. */
function compilePlain(plain: readonly PlainStep[], steps: readonly Step[], general: Closure): Closure {
  return (input, root) => {
    if (Array.isArray(input)) return general(input, root);
    let value: unknown = input;
    for (let index = 0; index < plain.length; index++) {
      if (typeof value !== 'object' || value === null) return undefined;
      if (Array.isArray(value)) return unwrap(walk(steps.slice(index), value, root));
      const { read, at } = plain[index]!;
      const found = read(value);
      const picked = at === undefined ? found : itemAt(found, at);
      // A list inside of a list: its items join the sequence.
      if (at !== undefined && Array.isArray(picked)) return unwrap(walk(steps.slice(index), [value], root));
      value = picked;
    }
    return isSequence(value) ? unwrap(createSequence(...value)) : value;
  };
}

/** One item of a list, from its end where `at` is negative; a single value is a list of one. */
function itemAt(value: unknown, at: number): unknown {
  if (Array.isArray(value)) return value[at < 0 ? value.length + at : at];
  return at === 0 || at === -1 ? value : undefined;
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
