import type { Result } from '../base/result.ts';
import { ok } from '../base/result.ts';
import type { ExpressionReference } from '../model/expression-analysis.ts';
import type { Closure } from './closures/closure.ts';
import { NotCompiled } from './closures/closure.ts';
import { compileNode } from './closures/compile-node.ts';
import { EvaluationFault, ExpressionError } from './expression-error.ts';
import type { ExpressionHost } from './functions/fast-function.ts';
import { createInterpreter } from './interpreter/create-interpreter.ts';
import { findReferences } from './references.ts';
import type { ParsedExpression } from './syntax.ts';
import { parseExpression } from './syntax.ts';
import { traceOrigins } from './trace-origins.ts';
import { released } from './values/sequence.ts';

/** An expression that is ready to run. */
export interface CompiledExpression {
  readonly text: string;
  /** True when it runs as plain code: evaluate then gives a value, not a promise, for every context that is an object. */
  readonly isSync: boolean;
  /** What it reads of its context, as names joined by dots: `receive.value.id`. */
  readonly paths: readonly string[];
  readonly references: readonly ExpressionReference[];
  /**
   * The value for a context. The context is plain data and is not changed; the result may share parts with it. Nothing found
   * gives undefined. Throws, or rejects with, an ExpressionError `EXPRESSION_FAILED`.
   */
  evaluate(context: unknown): unknown;
}

/**
 * Compiles JSONata. The common part of the language becomes closures, everything else runs in JSONata's interpreter, where
 * one evaluation costs a promise and some ten times the time. Refuses a text that does not parse.
 */
export function compileExpression(text: string, host: ExpressionHost): Result<CompiledExpression, ExpressionError> {
  const parsed = parseExpression(text);
  if (!parsed.ok) return parsed;
  const { tree } = parsed.value;
  const references = findReferences(tree, text);
  const paths = [...new Set(references.map((reference) => reference.path.join('.')))];
  const interpret = createInterpreter(text, host);
  const closure = maybeCompile(parsed.value, host);
  if (!closure) return ok({ text, isSync: false, paths, references, evaluate: interpret });
  const steps = references.map((reference) => reference.path);
  const isBuilt = tree.type === 'unary' && !tree.predicate;
  const evaluate = (context: unknown): unknown => {
    // A list as the whole context has rules of its own; no job has one.
    if (Array.isArray(context)) return interpret(context);
    try {
      const value = closure(context, context);
      if (typeof value !== 'object' || value === null) return value;
      const result = released(value) as object;
      traceOrigins(result, isBuilt, context, steps);
      return result;
    } catch (thrown) {
      throw failure(thrown, text);
    }
  };
  return ok({ text, isSync: true, paths, references, evaluate });
}

function maybeCompile({ tree }: ParsedExpression, host: ExpressionHost): Closure | undefined {
  try {
    return compileNode(tree, host);
  } catch (thrown) {
    if (thrown instanceof NotCompiled) return undefined;
    throw thrown;
  }
}

/** Faults of closures. What a lazy field of the data throws while it is read passes through; so does a bug of ours. */
function failure(thrown: unknown, text: string): unknown {
  if (thrown instanceof EvaluationFault) return new ExpressionError('EXPRESSION_FAILED', text, thrown);
  // Data that is nested too deeply to be gone through.
  return thrown instanceof RangeError
    ? new ExpressionError('EXPRESSION_FAILED', text, { message: thrown.message })
    : thrown;
}
