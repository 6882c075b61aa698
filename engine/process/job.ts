import type { JobError } from '../spi/runtime.ts';
import type { Plan, PlannedActivity, PlannedScope, PlannedTransition } from './plan.ts';
import { ActivityState, TransitionState } from './plan.ts';

/** One run of a process: a tree of frames. Only `step` writes it. */
export interface Job {
  readonly id: string;
  readonly plan: Plan;
  readonly root: Frame;
  /** Frames of scopes that were entered, by their execution ids; without those of rounds that are over. Undefined while there is none. */
  frames: Frame[] | undefined;
  /** Execution ids given out: each frame takes one for each of its activities. */
  executionCount: number;
  /** Rounds that the last step has ended: they go with the next one, so that whoever performs a step can still ask about them. */
  leaving: Frame[] | undefined;
  /** Transitions that were taken in frames which are not kept. */
  taken: Set<PlannedTransition> | undefined;
  hasEnded: boolean;
}

/** One run of a scope. */
export interface Frame {
  readonly scope: PlannedScope;
  /** The frame around it; undefined for the root. */
  readonly parent: Frame | undefined;
  /** Slot in the parent of the activity that this frame is the execution of. */
  readonly slot: number;
  /** Of a loop: which round it is, from 0. */
  readonly iteration: number | undefined;
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
  /**
   * Activities that execute or whose conditions are being evaluated, scopes inside among them; and those that this step has still to
   * start or to skip.
   */
  activeCount: number;
  /** What constructs that execute in this frame keep meanwhile, by slot; undefined while there is none. */
  constructs: Map<number, LoopState> | undefined;
  /** Failures that error transitions took, by slot; undefined while there is none. */
  failures: Map<number, JobError> | undefined;
  /** The first failure that nothing took. Nothing new starts in this frame from then on. */
  failure: FrameFailure | undefined;
  /** What a catch took, and which. */
  caught: CaughtFailure | undefined;
  /** Of a Pick: slot of the event that came first. */
  picked: number | undefined;
  /** Frames inside that have completed and can be undone, in the order in which they completed. */
  undoable: Frame[] | undefined;
  /** Set while it is undone: where the Compensate stands that does it. */
  undoneBy: { readonly frame: Frame; readonly slot: number } | undefined;
  hasEnded: boolean;
}

/** A failure in a frame. `slot` is that of the activity of this frame; the error may be of one further inside. */
export interface FrameFailure {
  readonly slot: number;
  readonly error: JobError;
}

/** A failure that the catch at the slot `by` took. */
export interface CaughtFailure extends FrameFailure {
  readonly by: number;
}

/** What a loop that executes knows of its rounds. */
export interface LoopState {
  /** Rounds that have begun. */
  begun: number;
  /** Of those: not over yet. */
  running: number;
  /** What a For Each goes through. */
  items: readonly unknown[] | undefined;
  /** What each round gave, by its number; undefined when nothing is collected. */
  collected: unknown[] | undefined;
  /** Outputs of the last round. */
  last: Record<string, unknown> | undefined;
  /** The first failure of a round; of a Repeat on Error that of the last one. */
  error: JobError | undefined;
  /** Whether a turn was asked for that has not come yet. */
  hasTurn: boolean;
  /** Rounds that are over and whose expressions are being evaluated, by their number. */
  readonly ending: Map<number, Frame>;
}

/** A job that waits for its `started` event. */
export function createJob(plan: Plan, id: string): Job {
  const data = { job: { id, process: plan.processId }, properties: plan.properties };
  const root = createFrame(plan.root, undefined, 0, 0, data, undefined);
  const executionCount = root.activities.length;
  return { id, plan, root, frames: undefined, executionCount, leaving: undefined, taken: undefined, hasEnded: false };
}

/** A frame in which nothing has begun. */
export function createFrame(
  scope: PlannedScope,
  parent: Frame | undefined,
  slot: number,
  firstExecution: number,
  data: Record<string, unknown>,
  iteration: number | undefined,
): Frame {
  const { activities, transitions, undecided } = scope.initial;
  return {
    scope,
    parent,
    slot,
    iteration,
    firstExecution,
    data,
    outputs: parent && {},
    activities: activities.slice(),
    transitions: transitions.slice(),
    undecided: undecided.slice(),
    activeCount: 0,
    constructs: undefined,
    failures: undefined,
    failure: undefined,
    caught: undefined,
    picked: undefined,
    undoable: undefined,
    undoneBy: undefined,
    hasEnded: false,
  };
}

/** Adds a frame that has begun, or takes one up again. They lie in the order of their ids. */
export function addFrame(job: Job, frame: Frame): void {
  job.frames ??= [];
  const at = lastBefore(job.frames, frame.firstExecution);
  if (at >= 0 && job.frames[at] === frame) return;
  if (at === job.frames.length - 1) job.frames.push(frame);
  else job.frames.splice(at + 1, 0, frame);
}

/** Lets go of rounds that are over, and of all in them: a loop may have any number. What they took is kept. */
export function dropLeaving(job: Job): void {
  const leaving = new Set(job.leaving);
  const isLeaving = (frame: Frame) => {
    for (let at: Frame | undefined = frame; at; at = at.parent) if (leaving.has(at)) return true;
    return false;
  };
  job.taken ??= new Set();
  const kept: Frame[] = [];
  for (const each of job.frames ?? []) {
    if (!isLeaving(each)) kept.push(each);
    else
      for (const transition of each.scope.transitions)
        if (each.transitions[transition.slot] === TransitionState.taken) job.taken.add(transition);
  }
  job.frames = kept;
  job.leaving = undefined;
}

/** The frame in which an execution is. An id that was not given out is a bug. */
export function frameOf(job: Job, execution: number): Frame {
  if (execution < job.root.activities.length || !job.frames?.length) return job.root;
  return job.frames[lastBefore(job.frames, execution)] ?? job.root;
}

/** Place of the last frame whose ids do not begin behind an execution; -1 for none. */
function lastBefore(frames: readonly Frame[], execution: number): number {
  let [low, high] = [-1, frames.length - 1];
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (frames[middle]!.firstExecution <= execution) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** The activity that an execution is of. */
export function plannedOf(job: Job, execution: number): PlannedActivity {
  const { scope, firstExecution } = frameOf(job, execution);
  return scope.activities[execution - firstExecution]!;
}

/** The execution of the activity at a slot of a frame. */
export function executionAt({ firstExecution }: Frame, slot: number): number {
  return firstExecution + slot;
}

/** The execution that a frame is; undefined for the root. */
export function executionOf({ parent, slot }: Frame): number | undefined {
  return parent && parent.firstExecution + slot;
}

/** Every frame of a job that is kept, the root first. */
export function framesOf({ root, frames }: Job): readonly Frame[] {
  return frames ? [root, ...frames] : [root];
}

/** Whether nothing of a job executes but constructs: it waits for time, for a lock, or for an answer. */
export function isWaiting(job: Job): boolean {
  return framesOf(job).every(
    ({ hasEnded, scope, activities }) =>
      hasEnded ||
      scope.activities.every(
        ({ slot, construct }) => construct !== undefined || activities[slot] !== ActivityState.active,
      ),
  );
}

/** The failure of a frame or of one around it, up to another one: what nothing has taken yet. The innermost when there are several. */
export function failureAround(frame: Frame, outermost: Frame): FrameFailure | undefined {
  for (let at: Frame | undefined = frame; at; at = at === outermost ? undefined : at.parent)
    if (at.failure) return at.failure;
  return undefined;
}

/** The frame of the process in which a frame is: that of a called process, or the root. */
export function processFrameOf(frame: Frame): Frame {
  let at = frame;
  while (at.parent && at.scope.kind !== 'root') at = at.parent;
  return at;
}
