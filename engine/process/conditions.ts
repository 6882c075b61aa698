import { MillraceError } from '../base/errors.ts';
import type { Result } from '../base/result.ts';
import { ok, refused } from '../base/result.ts';
import { isTrue } from '../expressions/closures/values.ts';
import type { JobError } from '../spi/runtime.ts';
import type { Job } from './job.ts';
import type { PlannedActivity } from './plan.ts';

const none: readonly boolean[] = [];

/** Which conditions behind an activity hold, for an activity whose conditions all run at once. */
export function evaluateConditionsNow(job: Job, activity: PlannedActivity): Result<readonly boolean[], MillraceError> {
  if (!activity.conditions.length) return ok(none);
  try {
    return ok(activity.conditions.map((index) => isTrue(job.plan.transitions[index]!.condition!.evaluate(job.data))));
  } catch (thrown) {
    if (thrown instanceof MillraceError) return refused(thrown);
    throw thrown;
  }
}

/** The same for the effect `evaluate`; rejects with a MillraceError. */
export async function evaluateConditions(job: Job, activity: PlannedActivity): Promise<readonly boolean[]> {
  const held: boolean[] = [];
  for (const index of activity.conditions)
    held.push(isTrue(await job.plan.transitions[index]!.condition!.evaluate(job.data)));
  return held;
}

/** A condition that cannot be evaluated, as a failure of the activity in front of it. */
export function conditionError(activity: PlannedActivity, error: MillraceError): JobError {
  return {
    code: error.code,
    message: `condition behind ${activity.id}: ${error.message}`,
    activity: activity.id,
    retriable: error.retriable,
    details: error.details,
  };
}
