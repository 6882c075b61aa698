import type { JobError } from '../../spi/runtime.ts';
import type { Answer, Ask, StepEffects } from '../events.ts';
import type { Frame, Job } from '../job.ts';
import type { PlannedScope } from '../plan.ts';

/** A job that is stepped, and what the step asks for. */
export interface Step {
  readonly job: Job;
  readonly effects: StepEffects;
  readonly flow: Flow;
}

/** How a frame begins, where that is not plain. */
export interface OpenedFrame {
  /** Of another process; else what is inside of the activity. */
  readonly scope?: PlannedScope;
  /** What is read in it; else what the activity itself would read. */
  readonly data?: Record<string, unknown>;
  /** Of a loop: which round it is, from 0. */
  readonly iteration?: number;
  /** Of a called process: the output of its Start. */
  readonly output?: Readonly<Record<string, unknown>>;
}

/** What constructs may do with a frame. They change its activities and transitions in no other way. */
export interface Flow {
  /** Starts activities that nothing leads to. */
  begin(step: Step, frame: Frame, slots: readonly number[]): void;
  /** Skips an activity that waits, and what hangs on it alone. */
  skip(step: Step, frame: Frame, slot: number): void;
  /** Makes a frame of what is inside of the activity at a slot, and begins it. */
  open(step: Step, parent: Frame, slot: number, opened?: OpenedFrame): Frame;
  /** The activity at a slot, which is active, has completed: its output is in the data, and its transitions are decided. */
  complete(step: Step, frame: Frame, slot: number, output: unknown): void;
  /** The activity at a slot, which is active, has failed. */
  fail(step: Step, frame: Frame, slot: number, error: JobError): void;
  /** The same of a construct, whose end the driver learns from the step. */
  finish(step: Step, frame: Frame, slot: number, output: unknown): void;
  finishFailed(step: Step, frame: Frame, slot: number, error: JobError): void;
  /** Something began in a frame outside of its turn; when nothing in it is active, it is over. */
  settle(step: Step, frame: Frame): void;
  /** Asks the driver; the answer is an event. */
  ask(step: Step, question: Ask): void;
  /** Gives up what is active at a slot; it leads nowhere. */
  cancelAt(step: Step, frame: Frame, slot: number): void;
  /** Gives up all that is active in a frame, and ends it. */
  cancelInside(step: Step, frame: Frame): void;
}

/**
 * A construct: something that the engine itself executes. One file each, listed in elements.ts. The rules of activities and transitions
 * (J2-J6) are the same in all of them.
 */
export interface Element {
  /** The activity at a slot executes. */
  enter?(step: Step, frame: Frame, slot: number): void;
  /** The answer to a question of it. */
  answered?(step: Step, frame: Frame, slot: number, answer: Answer): void;
  /** Nothing is active in a frame that it opened. Either something begins, or the frame ends and hands on its result. */
  ended?(step: Step, inner: Frame): void;
  /** An activity in a frame that it opened has completed or failed. */
  reached?(step: Step, inner: Frame, slot: number): void;
}
