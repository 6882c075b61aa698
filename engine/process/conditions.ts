import { MillraceError } from '../base/errors.ts';
import { isTrue } from '../expressions/values/values.ts';
import type { JobError } from '../spi/runtime.ts';
import type { JobEvent } from './events.ts';
import type { Job } from './job.ts';
import { frameOf } from './job.ts';
import { dataFor } from './job-data.ts';
import type { Plan, PlannedActivity, PlannedScope, PlannedTransition } from './plan.ts';

/** How the conditions of an activity came out, as the event that `step` takes. */
export type ConditionOutcome = Extract<JobEvent, { type: 'evaluated' | 'failed' }>;

/**
 * Evaluates the conditions behind an activity, each once, for the effect `evaluate` (J12). Chance and time are looked at here and
 * nowhere in `step`: the outcome is an event, and the same events give the same job again. A promise only when a condition needs
 * the interpreter. What is no fault of the user's expression is thrown.
 */
export function evaluateConditions(job: Job, execution: number): ConditionOutcome | Promise<ConditionOutcome> {
  const frame = frameOf(job, execution);
  const activity = frame.scope.activities[execution - frame.firstExecution]!;
  return activity.hasSyncConditions
    ? evaluateNow(job, execution, frame.scope, activity)
    : evaluateInTurn(job, execution, frame.scope, activity);
}

function evaluateNow(
  job: Job,
  execution: number,
  { transitions }: PlannedScope,
  activity: PlannedActivity,
): ConditionOutcome {
  const { conditions } = activity;
  const data = dataFor(job, execution);
  const held: boolean[] = [];
  let at = 0;
  try {
    for (; at < conditions.length; at++) held.push(isTrue(transitions[conditions[at]!]!.condition!.evaluate(data)));
  } catch (thrown) {
    return conditionFailed(job.plan, execution, activity, transitions[conditions[at]!]!, thrown);
  }
  return { type: 'evaluated', execution, held };
}

async function evaluateInTurn(
  job: Job,
  execution: number,
  { transitions }: PlannedScope,
  activity: PlannedActivity,
): Promise<ConditionOutcome> {
  const data = dataFor(job, execution);
  const held: boolean[] = [];
  for (const slot of activity.conditions) {
    const transition = transitions[slot]!;
    try {
      held.push(isTrue(await transition.condition!.evaluate(data)));
    } catch (thrown) {
      return conditionFailed(job.plan, execution, activity, transition, thrown);
    }
  }
  return { type: 'evaluated', execution, held };
}

/** A condition that cannot be evaluated, as a failure of the activity in front of it (J9). */
function conditionFailed(
  plan: Plan,
  execution: number,
  activity: PlannedActivity,
  transition: PlannedTransition,
  thrown: unknown,
): ConditionOutcome {
  if (!(thrown instanceof MillraceError)) throw thrown;
  const error: JobError = {
    code: thrown.code,
    message: `condition behind ${activity.id}: ${thrown.message}`,
    activity: activity.id,
    retriable: thrown.retriable,
    details: thrown.details,
    transition: transition.id,
    ...sourceOf(plan, thrown.code),
  };
  return { type: 'failed', execution, error };
}

/** Whose failure it is when a mapping or a condition fails with a fault of the starter: that of the record it was given. */
export function sourceOf(plan: Plan, code: string): { readonly source?: string } {
  return plan.starterFaults.has(code) ? { source: plan.activities[plan.starter]!.id } : {};
}
