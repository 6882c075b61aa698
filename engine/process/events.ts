import type { JobError, JobOutcome } from '../spi/runtime.ts';

/** What happened to a job, in the past tense. Activities are named by their index in the plan. */
export type JobEvent =
  /** The process starter has handed over an event; its output begins the job. */
  | { readonly type: 'started'; readonly output: unknown }
  /** An activity has executed. */
  | { readonly type: 'completed'; readonly activity: number; readonly output: unknown }
  /** Mapping or executing an activity, or evaluating the conditions behind it, went wrong. */
  | { readonly type: 'failed'; readonly activity: number; readonly error: JobError }
  /** The answer to the effect `evaluate`: which conditions of the activity held, in the order of its `conditions`. */
  | { readonly type: 'evaluated'; readonly activity: number; readonly held: readonly boolean[] };

/**
 * What the driver has to do next. One object may be used for all steps of a driver: `step` adds to the lists, the driver empties
 * them with `clearEffects` when it has done what they say.
 */
export interface StepEffects {
  /** Activities to execute now. */
  readonly execute: number[];
  /** Activities whose conditions are to be evaluated, once: report the outcome, `evaluated` or `failed`. */
  readonly evaluate: number[];
  /** Transitions that were taken, for the counts on the wires. */
  readonly taken: number[];
  /** Activities that will not run in this job. */
  readonly skipped: number[];
  /** Set once, with the last step of a job. */
  ended: JobOutcome | undefined;
}

/** An empty set of effects. */
export function createEffects(): StepEffects {
  return { execute: [], evaluate: [], taken: [], skipped: [], ended: undefined };
}

/** Empties effects for the next step. */
export function clearEffects(effects: StepEffects): void {
  effects.execute.length = 0;
  effects.evaluate.length = 0;
  effects.taken.length = 0;
  effects.skipped.length = 0;
  effects.ended = undefined;
}
