import { MillraceError } from '../base/errors.ts';
import { isTrue } from '../expressions/values/values.ts';
import type { JobError } from '../spi/runtime.ts';
import type { JobEvent } from './events.ts';
import type { Job } from './job.ts';
import { dataFor } from './job-data.ts';
import type { Plan, PlannedActivity, PlannedTransition } from './plan.ts';

/** How the conditions of an activity came out, as the event that `step` takes. */
export type ConditionOutcome = Extract<JobEvent, { type: 'evaluated' | 'failed' }>;

/**
 * Evaluates the conditions behind an activity, each once, for the effect `evaluate` (J12). Chance and time are looked at here and
 * nowhere in `step`: the outcome is an event, and the same events give the same job again. A promise only when a condition needs
 * the interpreter. What is no fault of the user's expression is thrown.
 */
export function evaluateConditions(job: Job, activity: PlannedActivity): ConditionOutcome | Promise<ConditionOutcome> {
  return activity.hasSyncConditions ? evaluateNow(job, activity) : evaluateInTurn(job, activity);
}

function evaluateNow(job: Job, activity: PlannedActivity): ConditionOutcome {
  const { conditions, index } = activity;
  const { transitions } = job.plan;
  const data = dataFor(job, index);
  const held: boolean[] = [];
  let at = 0;
  try {
    for (; at < conditions.length; at++) held.push(isTrue(transitions[conditions[at]!]!.condition!.evaluate(data)));
  } catch (thrown) {
    return conditionFailed(job.plan, activity, transitions[conditions[at]!]!, thrown);
  }
  return { type: 'evaluated', activity: index, held };
}

async function evaluateInTurn(job: Job, activity: PlannedActivity): Promise<ConditionOutcome> {
  const data = dataFor(job, activity.index);
  const held: boolean[] = [];
  for (const index of activity.conditions) {
    const transition = job.plan.transitions[index]!;
    try {
      held.push(isTrue(await transition.condition!.evaluate(data)));
    } catch (thrown) {
      return conditionFailed(job.plan, activity, transition, thrown);
    }
  }
  return { type: 'evaluated', activity: activity.index, held };
}

/** A condition that cannot be evaluated, as a failure of the activity in front of it (J9). */
function conditionFailed(
  plan: Plan,
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
  return { type: 'failed', activity: activity.index, error };
}

/** Whose failure it is when a mapping or a condition fails with a fault of the starter: that of the record it was given. */
export function sourceOf(plan: Plan, code: string): { readonly source?: string } {
  return plan.starterFaults.has(code) ? { source: plan.activities[plan.starter]!.id } : {};
}
