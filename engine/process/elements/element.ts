import type { JobError } from '../../spi/runtime.ts';
import type { StepEffects } from '../events.ts';
import type { Frame, Job } from '../job.ts';

/** A job that is stepped, and what the step asks for. */
export interface Step {
  readonly job: Job;
  readonly effects: StepEffects;
  readonly flow: Flow;
}

/** What constructs may do with a frame. They change frames in no other way. */
export interface Flow {
  /** Starts activities that are decided, or skips those that no transition was taken to, and what hangs on those. */
  proceed(step: Step, frame: Frame, slots: readonly number[]): void;
  /** Starts activities that nothing leads to. */
  begin(step: Step, frame: Frame, slots: readonly number[]): void;
  /** The activity at a slot, which is active, has completed: its output is in the data, and its transitions are decided. */
  complete(step: Step, frame: Frame, slot: number, output: unknown): void;
  /** The activity at a slot, which is active, has failed. */
  fail(step: Step, frame: Frame, slot: number, error: JobError): void;
}

/**
 * A construct: how a kind of scope is executed. One file each, listed in elements.ts. A construct decides when its frame is over and
 * what that means for the frame around it; the rules of activities and transitions (J2-J6) are the same in all of them.
 */
export interface Element {
  /** The activity executes: `frame` is new, and nothing in it has begun. */
  enter(step: Step, frame: Frame): void;
  /** The activity at a slot of the frame has failed, and no error transition takes it. */
  failed(step: Step, frame: Frame, slot: number, error: JobError): void;
  /** Nothing in the frame is active. Either something begins, or the frame ends and hands on its result. */
  childEnded(step: Step, frame: Frame): void;
}
