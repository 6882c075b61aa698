import { MillraceError, messageOf } from '../base/errors.ts';
import type { CompiledExpression } from '../expressions/compile-expression.ts';

/** The mapping of an activity: makes its input from the job's data. */
export interface CompiledInput {
  /** True when `evaluate` gives the input itself and not a promise of it. */
  readonly isSync: boolean;
  /** Fields whose expression finds nothing are left out. Throws, or rejects with, a MillraceError that names the field. */
  evaluate(data: unknown): Record<string, unknown> | Promise<Record<string, unknown>>;
}

/** Joins the expressions of the input fields. */
export function compileInput(fields: ReadonlyMap<string, CompiledExpression>): CompiledInput {
  const names = [...fields.keys()];
  const expressions = [...fields.values()];
  const isSync = expressions.every((expression) => expression.isSync);
  return { isSync, evaluate: isSync ? syncInput(names, expressions) : asyncInput(names, expressions) };
}

function syncInput(names: readonly string[], expressions: readonly CompiledExpression[]) {
  return (data: unknown): Record<string, unknown> => {
    const input: Record<string, unknown> = {};
    for (let index = 0; index < names.length; index++) {
      const name = names[index]!;
      try {
        const value = expressions[index]!.evaluate(data);
        if (value !== undefined) input[name] = value;
      } catch (thrown) {
        throw inputFailure(name, thrown);
      }
    }
    return input;
  };
}

function asyncInput(names: readonly string[], expressions: readonly CompiledExpression[]) {
  return async (data: unknown): Promise<Record<string, unknown>> => {
    const input: Record<string, unknown> = {};
    for (const [index, name] of names.entries()) {
      try {
        const value = await expressions[index]!.evaluate(data);
        if (value !== undefined) input[name] = value;
      } catch (thrown) {
        throw inputFailure(name, thrown);
      }
    }
    return input;
  };
}

/** A failure of the user's data or expression, with the field it belongs to. A bug of ours keeps its own face. */
function inputFailure(field: string, thrown: unknown): unknown {
  if (!(thrown instanceof MillraceError)) return thrown;
  const { code, retriable, details } = thrown;
  return new MillraceError(code, `input ${field}: ${messageOf(thrown)}`, {
    retriable,
    cause: thrown,
    details: { ...details, field },
  });
}
