import { EvaluationFault } from '../expression-error.ts';
import type { ExpressionHost } from '../functions/fast-function.ts';
import { fastFunctions } from '../functions/fast-functions.ts';
import { linearRegex } from '../linear-regex.ts';
import type { SyntaxNode } from '../syntax.ts';
import type { Closure } from './closure.ts';
import { NotCompiled } from './closure.ts';

/** Compiles `$name(...)` for functions that exist as plain code and get all their arguments. */
export function compileCall(node: SyntaxNode, compile: (node: SyntaxNode) => Closure, host: ExpressionHost): Closure {
  const { procedure } = node;
  const args = node.arguments ?? [];
  if (procedure?.type !== 'variable' || procedure.predicate) throw new NotCompiled('function value');
  const name = String(procedure.value);
  const where = { token: name, position: node.position ?? 0 };
  if (name === 'contains' && args.length === 2 && args[1]!.type === 'regex') return compileMatch(args, compile, where);
  const fast = fastFunctions.get(name);
  if (!fast || args.length < fast.min || args.length > fast.max) throw new NotCompiled(`$${name}`);
  const closures = args.map(compile);
  const [first] = closures;
  if (closures.length === 1) return (input, root) => fast.call([first!(input, root)], where, host);
  return (input, root) => {
    const values = closures.map((closure) => closure(input, root));
    return fast.call(fast.takesContext?.(values) ? withContext(input, values, where) : values, where, host);
  };
}

/** The context in the place of a text that was left out. */
function withContext(input: unknown, values: readonly unknown[], where: { token: string }): readonly unknown[] {
  if (input !== undefined && typeof input !== 'string')
    throw new EvaluationFault('T0411', { ...where, index: 1 }, input);
  return [input, ...values];
}

/** `$contains(text, /pattern/)`, the usual way to route by a pattern. */
function compileMatch(
  [textNode, patternNode]: readonly SyntaxNode[],
  compile: (node: SyntaxNode) => Closure,
  where: { token: string; position: number },
): Closure {
  const source = patternNode!.value;
  if (!(source instanceof RegExp) || patternNode!.predicate) throw new NotCompiled('regular expression');
  const pattern = linearRegex(source);
  const text = compile(textNode!);
  return (input, root) => {
    const value = text(input, root);
    if (value === undefined) return undefined;
    if (typeof value !== 'string') throw new EvaluationFault('T0410', { ...where, index: 1 }, value);
    pattern.lastIndex = 0;
    return pattern.test(value);
  };
}
