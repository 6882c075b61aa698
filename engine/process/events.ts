import type { ProcessId } from '../model/document.ts';
import type { JobError, JobOutcome } from '../spi/runtime.ts';
import type { Frame } from './job.ts';
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
  | { readonly type: 'evaluated'; readonly execution: number; readonly held: readonly boolean[] }
  /** The answer to a question of a construct. */
  | Answer;

/** What a construct asked for is there, or could not be had. */
export type Answer = AnswerBase &
  ({ readonly ok: true; readonly answer: unknown } | { readonly ok: false; readonly error: JobError });

interface AnswerBase {
  readonly type: 'answered';
  readonly execution: number;
  /** That of the question. */
  readonly token: number;
}

/**
 * What a construct needs of the driver before it goes on. It is answered once, with an event of its own, so that nothing a construct
 * repeats happens within one step.
 */
export type Ask = AskBase &
  (
    | { readonly want: 'input' }
    /** Values of some of its expressions over the given data; those that find nothing are left out. */
    | { readonly want: 'fields'; readonly fields: readonly string[]; readonly data: Readonly<Record<string, unknown>> }
    /** Nothing but that others have their turn first. */
    | { readonly want: 'turn' }
    /** That time passes: the answer comes after it. */
    | { readonly want: 'delay'; readonly delay: Delay }
    /** That nobody else is in the section; given back with the end of the execution. */
    | { readonly want: 'lock'; readonly name: string }
    /** A job of its own of another process; the answer is its id. */
    | { readonly want: 'spawn'; readonly process: ProcessId; readonly input: Readonly<Record<string, unknown>> }
  );

interface AskBase {
  /** The construct that asks. */
  readonly execution: number;
  /** Tells the questions of one execution apart; comes back with the answer. */
  readonly token: number;
}

/** How long to wait: chance is taken where the clock is, so that the same events give the same job. */
export interface Delay {
  readonly ms: number;
  /** Share of `ms` by which it may be shorter or longer, from 0 to 1. */
  readonly jitter: number;
}

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
  /** What the engine itself executes, a construct, and which has begun: for the counts and the history. */
  readonly begun: number[];
  /** Of those: what has ended, and how. */
  readonly finished: FinishedExecution[];
  /** Questions of constructs. */
  readonly asks: Ask[];
  /** Executions that are given up: they are told to stop, and what they still answer counts for nothing. */
  readonly cancelled: number[];
  /** Rounds of loops that are over: of a loop that goes on for ever not everything can be remembered. */
  readonly left: Frame[];
  /** What the step has still to start or to skip, frame by frame; empty between steps. Here so that a step allocates nothing for it. */
  readonly agenda: { readonly frames: Frame[]; readonly slots: number[] };
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
    asks: shortList(),
    cancelled: shortList(),
    left: shortList(),
    agenda: { frames: shortList(), slots: shortList() },
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
  empty(effects.asks);
  empty(effects.cancelled);
  empty(effects.left);
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
