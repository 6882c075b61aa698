import jsonata from 'jsonata';
import { MillraceError } from '../../base/errors.ts';
import { isExactNumber } from '../../formats/exact-number.ts';
import { keepLiteralDigits } from '../exact-literals.ts';
import { ExpressionError } from '../expression-error.ts';
import { forEachNode } from '../for-each-node.ts';
import type { ExpressionHost, FastFunction } from '../functions/fast-function.ts';
import { fastFunctions } from '../functions/fast-functions.ts';
import { LinearRegExp } from '../linear-regex.ts';
import type { SyntaxNode } from '../syntax.ts';
import { parseExpression } from '../syntax.ts';
import { traceInterpreted, trackedContext } from '../trace-origins.ts';
import type { Where } from '../values/values.ts';
import { formatMillis, parseMillis } from './dates.ts';
import { distinct, sort } from './list-functions.ts';
import { deepCopy, plainData } from './plain-data.ts';
import { rewriteOperators } from './rewrite-operators.ts';
import { turnsOf } from './turns.ts';

/**
 * Limits on what one interpreted expression may use: nodes under way at once, items of a list, evaluated nodes. Under way are calls
 * inside each other (some 2 KB each), and all groups of a `{}` behind a path.
 */
export const interpreterLimits = { stack: 20_000, sequence: 1_000_000, steps: 5_000_000 } as const;

/** Steps between two looks at the clock. */
const stepsPerLook = 256;
/** `$eval` inside of `$eval`. */
const evalDepthMax = 20;

/** What one evaluation has used, shared with what it evaluates inside. */
interface Usage {
  steps: number;
  evals: number;
}

/** JSONata's environment, as far as it is used here (version 2.2.2). */
interface Environment {
  readonly base: { usage?: Usage };
  lookup(name: string): unknown;
}

/** Under this name `$eval` hands over what is used already. */
const usageName = '\u0000usage';

/** Functions that are the same plain code as in closures, with the signatures that say where the context stands in. */
const sharedFunctions: Readonly<Record<string, string>> = {
  string: '<x-b?:s>',
  number: '<x-:x>',
  abs: '<x-:x>',
  floor: '<x-:x>',
  ceil: '<x-:x>',
  round: '<x-n?:x>',
  sum: '<a:x>',
  max: '<a:x>',
  min: '<a:x>',
  average: '<a:x>',
  type: '<x:s>',
  millis: '<:n>',
  random: '<:n>',
  decimalAdd: '<xx:x>',
  decimalSubtract: '<xx:x>',
  decimalMultiply: '<xx:x>',
  decimalDivide: '<xxn?:x>',
  decimalRound: '<xn?:x>',
  decimalCompare: '<xx:n>',
  decimalSum: '<a:x>',
};

/**
 * JSONata's interpreter for a text that parses: made on first use. It sees all fields of lazy outputs, calculates as closures do, gives
 * plain data, changes nothing of the context, ends within `interpreterLimits` and lets others have their turn while it works. Rejects
 * with an ExpressionError.
 */
export function createInterpreter(text: string, host: ExpressionHost): (context: unknown) => Promise<unknown> {
  let made: jsonata.Expression | undefined;
  return async (context) => {
    made ??= prepare(text, host);
    try {
      const roots = new Set<object>();
      return traceInterpreted(plainData(await made.evaluate(trackedContext(context, roots))), roots);
    } catch (thrown) {
      throw interpreterFailure(thrown, text);
    }
  };
}

function prepare(text: string, host: ExpressionHost): jsonata.Expression {
  const { stack, sequence } = interpreterLimits;
  const options = { stack, sequence, RegexEngine: LinearRegExp };
  const interpreter = jsonata(text, options as unknown as jsonata.JsonataOptions);
  const tree = interpreter.ast() as unknown as SyntaxNode;
  keepLiteralDigits(tree, text);
  rewriteOperators(tree);
  for (const [name, signature] of Object.entries(sharedFunctions))
    interpreter.registerFunction(name, shared(name, fastFunctions.get(name)!, host), signature);
  registerDates(interpreter, host);
  interpreter.registerFunction('sort', sort, '<af?:a>');
  interpreter.registerFunction('distinct', distinct, '<x:x>');
  interpreter.registerFunction('clone', deepCopy, '<(oa)-:o>');
  interpreter.registerFunction('eval', evaluateText(host), '<sx?:x>');
  const turns = turnsOf(host);
  assignHook(interpreter, 'jsonata.__evaluate_entry', (_node, _input, environment) => {
    const usage = usageOf(environment);
    if (++usage.steps > interpreterLimits.steps) throw { code: 'D1012', value: interpreterLimits.steps };
    return usage.steps % stepsPerLook === 0 ? turns.pause() : undefined;
  });
  if (leavesMarks(tree)) assignHook(interpreter, 'jsonata.__evaluate_exit', takeMarksOff);
  return interpreter;
}

/** Whether JSONata may mark lists of the data while it runs this: `[]` does, and an object that is built in a path or in a filter. */
function leavesMarks(tree: SyntaxNode): boolean {
  let found = JSON.stringify(tree).includes('"keepSingletonArray":true');
  forEachNode(tree, ({ steps = [], stages = [], predicate = [] }) => {
    found ||= JSON.stringify([steps, stages, predicate]).includes('"value":"{"');
  });
  return found;
}

const takeMarksOff: Hook = (node, input, _environment, result) => {
  // JSONata marks also a list of the data itself; only on its own lists does the mark mean something.
  if (Array.isArray(result) && !Object.hasOwn(result, 'sequence'))
    delete (result as { keepSingleton?: unknown }).keepSingleton;
  // And puts a nothing into an empty list that is the context of an object.
  if ((node as SyntaxNode).value === '{' && Array.isArray(input) && input.length === 1 && input[0] === undefined)
    (input as unknown[]).length = 0;
};

type Hook = (node: unknown, input: unknown, environment: Environment, result?: unknown) => unknown;

function assignHook(interpreter: jsonata.Expression, name: string, hook: Hook): void {
  interpreter.assign(Symbol.for(name) as unknown as string, hook);
}

function usageOf({ base, lookup }: Environment): Usage {
  base.usage ??= (lookup(usageName) as Usage | undefined) ?? { steps: 0, evals: 0 };
  return base.usage;
}

function shared(name: string, { call }: FastFunction, host: ExpressionHost) {
  return (...args: readonly unknown[]): unknown => call(args, { token: name }, host);
}

function registerDates(interpreter: jsonata.Expression, host: ExpressionHost): void {
  const whereOf = (token: string): Where => ({ token });
  interpreter.registerFunction(
    'fromMillis',
    (millis: number | undefined, picture?: string, zone?: string) =>
      millis === undefined ? undefined : formatMillis(millis, picture, zone, whereOf('fromMillis')),
    '<n-s?s?:s>',
  );
  interpreter.registerFunction(
    'toMillis',
    (text: string | undefined, picture?: string) =>
      text === undefined ? undefined : parseMillis(text, picture, whereOf('toMillis')),
    '<s-s?:n>',
  );
  interpreter.registerFunction(
    'now',
    (picture?: string, zone?: string) => formatMillis(host.clock.now(), picture, zone, whereOf('now')),
    '<s?s?:s>',
  );
}

/** `$eval`: the text is an expression like any other, with the variables of the place where it stands. */
function evaluateText(host: ExpressionHost) {
  return async function (this: unknown, text: string | undefined, context?: unknown): Promise<unknown> {
    if (text === undefined) return undefined;
    const { environment, input } = this as { environment: Environment; input: unknown };
    const usage = usageOf(environment);
    if (usage.evals >= evalDepthMax) throw { code: 'D1011', value: evalDepthMax };
    const parsed = parseExpression(text);
    if (!parsed.ok) throw { code: 'D3120', value: parsed.error.message };
    const bindings: Record<string, unknown> = { [usageName]: usage };
    for (const name of variablesOf(parsed.value.tree)) {
      const value = environment.lookup(name);
      if (value !== undefined) bindings[name] = value;
    }
    usage.evals++;
    try {
      return await prepare(text, host).evaluate(context ?? input, bindings);
    } catch (thrown) {
      if (thrown instanceof MillraceError) throw thrown;
      const { code } = thrown as { code?: unknown };
      if (code === 'D1012' || code === 'D1011') throw thrown;
      throw { code: 'D3121', value: new ExpressionError('EXPRESSION_FAILED', text, thrown).message };
    } finally {
      usage.evals--;
    }
  };
}

/** Names of the variables in a text, without those that the interpreter of the text gives by itself. */
function variablesOf(tree: SyntaxNode): readonly string[] {
  const names = new Set<string>();
  const seen = new Set<unknown>();
  const walk = (value: unknown): void => {
    if (typeof value !== 'object' || value === null || value instanceof RegExp || seen.has(value)) return;
    seen.add(value);
    const { type, value: name } = value as { type?: unknown; value?: unknown };
    if (type === 'variable' && typeof name === 'string' && name !== '' && name !== '$') names.add(name);
    for (const inner of Object.values(value)) walk(inner);
  };
  walk(tree);
  return [...names].filter((name) => !Object.hasOwn(sharedFunctions, name) && !ownFunctions.has(name));
}

const ownFunctions: ReadonlySet<string> = new Set([
  'fromMillis',
  'toMillis',
  'now',
  'sort',
  'distinct',
  'clone',
  'eval',
]);

/** Faults of the interpreter: plain objects with a code, and TypeErrors where it trusts its arguments too much. */
function interpreterFailure(thrown: unknown, text: string): unknown {
  if (thrown instanceof MillraceError) return thrown;
  const { code, value } = thrown as { code?: unknown; value?: unknown };
  // A function of the library that knows plain numbers only.
  const isInexact =
    (code === 'T0410' || code === 'T0412') &&
    (isExactNumber(value) || (Array.isArray(value) && value.some(isExactNumber)));
  return new ExpressionError(
    'EXPRESSION_FAILED',
    text,
    isInexact ? { ...(thrown as object), code: 'NUMBER_INEXACT' } : thrown,
  );
}
