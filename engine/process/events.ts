import type { JobError, JobOutcome } from '../spi/runtime.ts';
import type { PlannedTransition } from './plan.ts';

/**
 * What happened to a job, in the past tense. An execution is one run of one activity; ids are given out by the job, and name it there
 * and nowhere else.
 */
export type JobEvent =
  /** The process starter has handed over an event; its output begins the job. */
  | { readonly type: 'started'; readonly output: unknown }
  /** An activity has executed. */
  | { readonly type: 'completed'; readonly execution: number; readonly output: unknown }
  /** Mapping or executing an activity, or evaluating the conditions behind it, went wrong. */
  | { readonly type: 'failed'; readonly execution: number; readonly error: JobError }
  /** The answer to the effect `evaluate`: which conditions behind it held, in the order of the activity's `conditions`. */
  | { readonly type: 'evaluated'; readonly execution: number; readonly held: readonly boolean[] };

/**
 * What the driver has to do next. One object may be used for all steps of a driver: `step` adds to the lists, the driver empties
 * them with `clearEffects` when it has done what they say.
 */
export interface StepEffects {
  /** Executions to perform now. */
  readonly execute: number[];
  /** Executions behind which conditions are to be evaluated, once: report the outcome, `evaluated` or `failed`. */
  readonly evaluate: number[];
  /** Transitions that were taken, for the counts on the wires. */
  readonly taken: PlannedTransition[];
  /** Executions that will not happen in this job. */
  readonly skipped: number[];
  /** What the engine itself executes, a scope or a catch, and which has begun: for the counts and the history. */
  readonly begun: number[];
  /** Of those: what has ended, and how. */
  readonly finished: FinishedExecution[];
  /** Set once, with the last step of a job. */
  ended: JobOutcome | undefined;
}

/** The end of an execution that the engine itself performs. */
export type FinishedExecution =
  | { readonly execution: number; readonly ok: true; readonly output: unknown }
  | { readonly execution: number; readonly ok: false; readonly error: JobError };

/** An empty set of effects. */
export function createEffects(): StepEffects {
  return {
    execute: shortList(),
    evaluate: shortList(),
    taken: shortList(),
    skipped: shortList(),
    begun: shortList(),
    finished: shortList(),
    ended: undefined,
  };
}

/** Empties effects for the next step. */
export function clearEffects(effects: StepEffects): void {
  empty(effects.execute);
  empty(effects.evaluate);
  empty(effects.taken);
  empty(effects.skipped);
  empty(effects.begun);
  empty(effects.finished);
  effects.ended = undefined;
}

/** A list with room for a few: V8 gives a list that grows from nothing room for seventeen, and takes it back when that is emptied. */
function shortList<T>(): T[] {
  const list: (T | undefined)[] = [undefined, undefined, undefined, undefined];
  empty(list);
  return list as T[];
}

/** Keeps the room of a short list, which `length = 0` does not: a step would make its lists anew. */
function empty(list: unknown[]): void {
  while (list.length > 0) list.pop();
}
