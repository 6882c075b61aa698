import { MillraceError } from '../base/errors.ts';
import type { CompiledExpression } from '../expressions/compile-expression.ts';
import type { JobError } from '../spi/runtime.ts';
import { sourceOf } from './conditions.ts';
import type { Answer, Ask } from './events.ts';
import type { Job } from './job.ts';
import { plannedOf } from './job.ts';
import { dataFor } from './job-data.ts';

/** A question of a construct that takes nothing but expressions. */
export type ExpressionAsk = Extract<Ask, { want: 'input' | 'fields' }>;

/**
 * Evaluates what a construct asks for, once: the answer is an event, as that of conditions (J12). A promise only when an expression needs
 * the interpreter. What is no fault of the user's expressions is thrown.
 */
export function evaluateAsk(job: Job, ask: ExpressionAsk): Answer | Promise<Answer> {
  const { execution, token } = ask;
  const answered = (answer: unknown): Answer => ({ type: 'answered', execution, token, ok: true, answer });
  const failed = (thrown: unknown): Answer => {
    if (!(thrown instanceof MillraceError)) throw thrown;
    return { type: 'answered', execution, token, ok: false, error: errorOf(job, execution, thrown) };
  };
  try {
    const values = ask.want === 'input' ? evaluateInput(job, execution) : evaluateFields(job, ask);
    return values instanceof Promise ? values.then(answered, failed) : answered(values);
  } catch (thrown) {
    return failed(thrown);
  }
}

function evaluateInput(job: Job, execution: number) {
  return plannedOf(job, execution).input.evaluate(dataFor(job, execution));
}

/** One after the other: the first that fails is the one that is told. */
function evaluateFields(job: Job, { execution, fields, data }: Extract<Ask, { want: 'fields' }>) {
  const { late } = plannedOf(job, execution);
  const expressions = fields.flatMap((field) => late.get(field) ?? []);
  return expressions.every(({ isSync }) => isSync) ? now(fields, late, data) : inTurn(fields, late, data);
}

type Late = ReadonlyMap<string, CompiledExpression>;

function now(fields: readonly string[], late: Late, data: unknown): Record<string, unknown> {
  const values: Record<string, unknown> = {};
  for (const field of fields) {
    try {
      const value = late.get(field)?.evaluate(data);
      if (value !== undefined) values[field] = value;
    } catch (thrown) {
      throw named(field, thrown);
    }
  }
  return values;
}

async function inTurn(fields: readonly string[], late: Late, data: unknown): Promise<Record<string, unknown>> {
  const values: Record<string, unknown> = {};
  for (const field of fields) {
    try {
      const value = await late.get(field)?.evaluate(data);
      if (value !== undefined) values[field] = value;
    } catch (thrown) {
      throw named(field, thrown);
    }
  }
  return values;
}

/** Tells of a failure in which field it was. */
function named(field: string, thrown: unknown): unknown {
  if (!(thrown instanceof MillraceError)) return thrown;
  const { code, message, retriable, details } = thrown;
  return new MillraceError(code, `${field}: ${message}`, { retriable, cause: thrown, details: { ...details, field } });
}

function errorOf(job: Job, execution: number, { code, message, retriable, details }: MillraceError): JobError {
  const activity = plannedOf(job, execution).id;
  return { code, message, activity, retriable, details, ...sourceOf(job.plan, code) };
}
