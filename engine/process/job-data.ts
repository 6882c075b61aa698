import type { JobError } from '../spi/runtime.ts';
import type { Frame, FrameFailure, Job } from './job.ts';
import { frameOf } from './job.ts';
import { TransitionState } from './plan.ts';

/**
 * What the mapping of an execution, and the conditions behind it, read (J11, J14, J16): the data of its frame; on an error path or
 * behind a catch also `error`, the failure nearest above it, and `errors`, every failure that led to it by the id of the activity that
 * failed. Costs nothing in a frame in which nothing failed.
 */
export function dataFor(job: Job, execution: number): Readonly<Record<string, unknown>> {
  const frame = frameOf(job, execution);
  return frame.failures || frame.caught ? frameData(job, frame, execution - frame.firstExecution) : frame.data;
}

/** The same for the activity at a slot of a frame. */
export function frameData(job: Job, frame: Frame, slot: number): Readonly<Record<string, unknown>> {
  const failures = failuresAbove(frame, slot);
  const [nearest] = failures;
  if (!nearest) return frame.data;
  const data: Record<string, unknown> = { ...frame.data, error: nearest.error };
  // An activity of that name was there first.
  const plan = job.plan.processes.get(frame.scope.process) ?? job.plan;
  if (!plan.indexOf.has('errors'))
    data.errors = {
      ...(frame.data.errors as Record<string, JobError> | undefined),
      ...Object.fromEntries(failures.map(({ slot: at, error }) => [frame.scope.activities[at]!.id, error])),
    };
  return data;
}

/** Failures whose error transitions, or whose catch, lead to an activity over transitions that were taken, the nearest first. */
function failuresAbove({ scope, transitions, failures, caught }: Frame, slot: number): FrameFailure[] {
  const found: FrameFailure[] = [];
  if (!failures && !caught) return found;
  const seen = new Set([slot]);
  const ways = [slot];
  // `ways` grows while it is walked: nearer activities come first.
  for (const at of ways) {
    if (caught && at === caught.by) found.push(caught);
    for (const incoming of scope.activities[at]!.incoming) {
      const { from, kind } = scope.transitions[incoming]!;
      if (transitions[incoming] !== TransitionState.taken || seen.has(from)) continue;
      seen.add(from);
      ways.push(from);
      const error = kind === 'error' ? failures?.get(from) : undefined;
      if (error) found.push({ slot: from, error });
    }
  }
  return found;
}

/** The failure nearest above the activity at a slot: in its own frame, or in front of the scopes around it. */
export function errorAbove(frame: Frame, slot: number): JobError | undefined {
  return failuresAbove(frame, slot)[0]?.error ?? (frame.data.error as JobError | undefined);
}
