import type { JobError } from '../spi/runtime.ts';
import type { Plan, PlannedActivity, PlannedScope } from './plan.ts';

/** One run of a process: a tree of frames. Only `step` writes it. */
export interface Job {
  readonly id: string;
  readonly plan: Plan;
  readonly root: Frame;
  /** Frames of scopes that were entered, the oldest first; undefined while there is none. */
  frames: Frame[] | undefined;
  /** Execution ids given out: each frame takes one for each of its activities. */
  executionCount: number;
  hasEnded: boolean;
}

/** One run of a scope. */
export interface Frame {
  readonly scope: PlannedScope;
  /** The frame around it; undefined for the root. */
  readonly parent: Frame | undefined;
  /** Slot in the parent of the activity that this frame is the execution of. */
  readonly slot: number;
  /** Execution id of its first activity: the execution of the activity at slot `n` is `firstExecution + n`. */
  readonly firstExecution: number;
  /**
   * What expressions read: `job`, `properties` and the output of each activity under its id, of those around the scope as they were
   * when it was entered. `dataFor` adds what failed above.
   */
  readonly data: Record<string, unknown>;
  /** What a scope hands out: the outputs of its own activities. The root hands out nothing. */
  readonly outputs: Record<string, unknown> | undefined;
  /** ActivityState by slot. */
  readonly activities: number[];
  /** TransitionState by slot. */
  readonly transitions: number[];
  /** Incoming transitions that are not decided yet, by slot of the activity. */
  readonly undecided: number[];
  /** Activities that execute or whose conditions are being evaluated, scopes inside among them. */
  activeCount: number;
  /** Failures that error transitions took, by slot; undefined while there is none. */
  failures: Map<number, JobError> | undefined;
  /** The first failure that nothing took. Nothing new starts in this frame from then on. */
  failure: FrameFailure | undefined;
  /** What the catch took. */
  caught: FrameFailure | undefined;
  hasEnded: boolean;
}

/** A failure in a frame. `slot` is that of the activity of this frame; the error may be of one further inside. */
export interface FrameFailure {
  readonly slot: number;
  readonly error: JobError;
}

/** A job that waits for its `started` event. */
export function createJob(plan: Plan, id: string): Job {
  const data = { job: { id, process: plan.processId }, properties: plan.properties };
  const root = createFrame(plan.root, undefined, 0, 0, data);
  return { id, plan, root, frames: undefined, executionCount: root.activities.length, hasEnded: false };
}

/** A frame in which nothing has begun. */
export function createFrame(
  scope: PlannedScope,
  parent: Frame | undefined,
  slot: number,
  firstExecution: number,
  data: Record<string, unknown>,
): Frame {
  const { activities, transitions, undecided } = scope.initial;
  return {
    scope,
    parent,
    slot,
    firstExecution,
    data,
    outputs: parent && {},
    activities: activities.slice(),
    transitions: transitions.slice(),
    undecided: undecided.slice(),
    activeCount: 0,
    failures: undefined,
    failure: undefined,
    caught: undefined,
    hasEnded: false,
  };
}

/** The frame in which an execution is. An id that was not given out is a bug. */
export function frameOf(job: Job, execution: number): Frame {
  if (execution < job.root.activities.length || !job.frames) return job.root;
  // They lie in the order of their ids.
  let [low, high] = [0, job.frames.length - 1];
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (job.frames[middle]!.firstExecution <= execution) low = middle;
    else high = middle - 1;
  }
  return job.frames[low]!;
}

/** The activity that an execution is of. */
export function plannedOf(job: Job, execution: number): PlannedActivity {
  const { scope, firstExecution } = frameOf(job, execution);
  return scope.activities[execution - firstExecution]!;
}

/** The execution that a frame is; undefined for the root. */
export function executionOf({ parent, slot }: Frame): number | undefined {
  return parent && parent.firstExecution + slot;
}

/** Every frame of a job, the root first. */
export function framesOf({ root, frames }: Job): readonly Frame[] {
  return frames ? [root, ...frames] : [root];
}
