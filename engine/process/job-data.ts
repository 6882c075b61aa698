import type { JobError } from '../spi/runtime.ts';
import type { Job } from './job.ts';
import { TransitionState } from './plan.ts';

/**
 * What the mapping of an activity, and the conditions behind it, read (J11): the job's data; on an error path also `error`, the
 * failure nearest above it, and `errors`, every failure that led to it by the id of its activity. Costs nothing in a job in
 * which nothing failed.
 */
export function dataFor(job: Job, index: number): Readonly<Record<string, unknown>> {
  if (!job.failures) return job.data;
  const failures = failuresAbove(job, index, job.failures);
  const [nearest] = failures;
  if (!nearest) return job.data;
  const data: Record<string, unknown> = { ...job.data, error: nearest };
  // An activity of that name was there first.
  if (!job.plan.indexOf.has('errors'))
    data.errors = Object.fromEntries(failures.map((error) => [error.activity, error]));
  return data;
}

/** Failures whose error transitions lead to an activity over transitions that were taken, the nearest first. */
function failuresAbove(job: Job, index: number, failures: ReadonlyMap<number, JobError>): JobError[] {
  const { activities, transitions } = job.plan;
  const found: JobError[] = [];
  const seen = new Set([index]);
  const ways = [index];
  // `ways` grows while it is walked: nearer activities come first.
  for (const at of ways) {
    for (const incoming of activities[at]!.incoming) {
      const { from, kind } = transitions[incoming]!;
      if (job.transitions[incoming] !== TransitionState.taken || seen.has(from)) continue;
      seen.add(from);
      ways.push(from);
      const error = kind === 'error' ? failures.get(from) : undefined;
      if (error) found.push(error);
    }
  }
  return found;
}
