import { assert, unreachable } from '../base/assert.ts';
import type { JobError } from '../spi/runtime.ts';
import type { JobEvent, StepEffects } from './events.ts';
import type { Job } from './job.ts';
import { ActivityState, TransitionState } from './plan.ts';

/**
 * Decides what an event means for a job: the only writer of a job, without clock, chance, I/O or expressions. README.md numbers the rules
 * (J1 ...). Adds what is to be done to `effects`. An event after the end of its job, or for an activity that is not active, is a bug.
 */
export function step(job: Job, event: JobEvent, effects: StepEffects): void {
  assert(!job.hasEnded, `job ${job.id} got ${event.type} after its end`);
  switch (event.type) {
    case 'started':
      start(job, event.output, effects);
      break;
    case 'completed':
      release(job, event.activity);
      complete(job, event.activity, event.output, effects);
      break;
    case 'failed':
      release(job, event.activity);
      fail(job, event.activity, event.error, effects);
      break;
    case 'evaluated':
      release(job, event.activity);
      leave(job, event.activity, event.held, effects);
      break;
    default:
      unreachable(event);
  }
  maybeEnd(job, effects);
}

const none: readonly boolean[] = [];

function start(job: Job, output: unknown, effects: StepEffects): void {
  const { starter } = job.plan;
  assert(job.activities[starter] === ActivityState.waiting, `job ${job.id} was started twice`);
  complete(job, starter, output, effects);
}

function release(job: Job, activity: number): void {
  assert(job.activities[activity] === ActivityState.active, `activity ${activity} of job ${job.id} is not active`);
  job.activeCount--;
}

function complete(job: Job, index: number, output: unknown, effects: StepEffects): void {
  const activity = job.plan.activities[index]!;
  if (output !== undefined) job.data[activity.id] = output;
  job.activities[index] = ActivityState.completed;
  if (job.failure) return;
  if (activity.conditions.length === 0) {
    leave(job, index, none, effects);
    return;
  }
  activate(job, index);
  effects.evaluate.push(index);
}

/** J2, J3: every success transition and every condition that holds; `otherwise` when no condition held. */
function leave(job: Job, index: number, held: readonly boolean[], effects: StepEffects): void {
  const { success, conditions, otherwise, errors, outgoing } = job.plan.activities[index]!;
  job.activities[index] = ActivityState.completed;
  if (job.failure || outgoing.length === 0) return;
  const ready: number[] = [];
  for (const transition of success) decide(job, transition, true, effects, ready);
  for (let position = 0; position < conditions.length; position++)
    decide(job, conditions[position]!, held[position] === true, effects, ready);
  const noneHeld = !held.includes(true);
  for (const transition of otherwise) decide(job, transition, noneHeld, effects, ready);
  for (const transition of errors) decide(job, transition, false, effects, ready);
  proceed(job, ready, effects);
}

/** J6: error transitions take a failure; without one the job fails and nothing new starts. */
function fail(job: Job, index: number, error: JobError, effects: StepEffects): void {
  const { outgoing, errors } = job.plan.activities[index]!;
  job.activities[index] = ActivityState.failed;
  if (job.failure) return;
  if (!errors.length) {
    job.failure = error;
    return;
  }
  job.failures ??= new Map();
  job.failures.set(index, error);
  const ready: number[] = [];
  for (const transition of outgoing) decide(job, transition, errors.includes(transition), effects, ready);
  proceed(job, ready, effects);
}

/** J4: an activity is decided once all transitions to it are; it runs when one of them was taken. */
function decide(job: Job, transition: number, isTaken: boolean, effects: StepEffects, ready: number[]): void {
  const { to } = job.plan.transitions[transition]!;
  job.transitions[transition] = isTaken ? TransitionState.taken : TransitionState.dead;
  if (isTaken) effects.taken.push(transition);
  job.undecided[to]!--;
  if (job.undecided[to] === 0) ready.push(to);
}

/** Starts or skips decided activities; a skipped one decides its own transitions (J5), and so on down the graph. */
function proceed(job: Job, ready: number[], effects: StepEffects): void {
  for (let position = 0; position < ready.length; position++) {
    const index = ready[position]!;
    if (!wasReached(job, index)) {
      job.activities[index] = ActivityState.skipped;
      effects.skipped.push(index);
      for (const transition of job.plan.activities[index]!.outgoing) decide(job, transition, false, effects, ready);
    } else if (job.plan.activities[index]!.isDisabled) complete(job, index, undefined, effects);
    else {
      activate(job, index);
      effects.execute.push(index);
    }
  }
}

function wasReached(job: Job, index: number): boolean {
  return job.plan.activities[index]!.incoming.some(
    (transition) => job.transitions[transition] === TransitionState.taken,
  );
}

function activate(job: Job, index: number): void {
  job.activities[index] = ActivityState.active;
  job.activeCount++;
}

/** J7: a job ends when nothing of it is active any more. */
function maybeEnd(job: Job, effects: StepEffects): void {
  if (job.activeCount > 0) return;
  job.hasEnded = true;
  effects.ended = job.failure ? { ok: false, error: job.failure } : { ok: true };
}
