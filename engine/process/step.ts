import { assert, unreachable } from '../base/assert.ts';
import type { JobError } from '../spi/runtime.ts';
import type { Flow, Step } from './elements/element.ts';
import { elements } from './elements/elements.ts';
import type { JobEvent, StepEffects } from './events.ts';
import type { Frame, Job } from './job.ts';
import { createFrame, frameOf } from './job.ts';
import { frameData } from './job-data.ts';
import type { PlannedScope } from './plan.ts';
import { ActivityState, TransitionState } from './plan.ts';

/** What constructs are given to act with. */
const flow: Flow = { proceed, begin, complete, fail };

const none: readonly boolean[] = [];

/**
 * Decides what an event means for a job: the only writer of a job, without clock, chance, I/O or expressions. README.md numbers the rules
 * (J1 ...). Adds what is to be done to `effects`. An event after the end of its job, or for an execution that is not active, is a bug.
 */
export function step(job: Job, event: JobEvent, effects: StepEffects): void {
  assert(!job.hasEnded, `job ${job.id} got ${event.type} after its end`);
  const at: Step = { job, effects, flow };
  if (event.type === 'started') {
    start(at, event.output);
    settle(at, job.root);
    return;
  }
  const frame = frameOf(job, event.execution);
  const slot = event.execution - frame.firstExecution;
  assert(
    frame.activities[slot] === ActivityState.active,
    `execution ${event.execution} of job ${job.id} is not active`,
  );
  switch (event.type) {
    case 'completed':
      complete(at, frame, slot, event.output);
      break;
    case 'failed':
      fail(at, frame, slot, event.error);
      break;
    case 'evaluated':
      frame.activeCount--;
      leave(at, frame, slot, event.held);
      break;
    default:
      unreachable(event);
  }
  settle(at, frame);
}

function start(at: Step, output: unknown): void {
  const { plan, root, id } = at.job;
  const { slot } = plan.activities[plan.starter]!;
  assert(root.activities[slot] === ActivityState.waiting, `job ${id} was started twice`);
  pass(at, root, slot, output);
}

/** Asks the constructs of a frame and of those around it, from the inside out, what follows where nothing is active any more. */
function settle(at: Step, frame: Frame): void {
  for (let next: Frame | undefined = frame; next?.activeCount === 0 && !next.hasEnded; next = next.parent)
    elements[next.scope.kind].childEnded(at, next);
}

function complete(at: Step, frame: Frame, slot: number, output: unknown): void {
  frame.activeCount--;
  pass(at, frame, slot, output);
}

/** J10: the output is in the data before the conditions are evaluated. */
function pass(at: Step, frame: Frame, slot: number, output: unknown): void {
  const { id, conditions } = frame.scope.activities[slot]!;
  if (output !== undefined) {
    frame.data[id] = output;
    if (frame.outputs) frame.outputs[id] = output;
  }
  frame.activities[slot] = ActivityState.completed;
  if (frame.failure) return;
  if (conditions.length === 0) {
    leave(at, frame, slot, none);
    return;
  }
  activate(frame, slot);
  at.effects.evaluate.push(frame.firstExecution + slot);
}

/** J2, J3: every success transition and every condition that holds; `otherwise` when no condition held. */
function leave(at: Step, frame: Frame, slot: number, held: readonly boolean[]): void {
  const { success, conditions, otherwise, errors, outgoing } = frame.scope.activities[slot]!;
  frame.activities[slot] = ActivityState.completed;
  if (frame.failure || outgoing.length === 0) return;
  const ready: number[] = [];
  for (const transition of success) decide(at, frame, transition, true, ready);
  for (let position = 0; position < conditions.length; position++)
    decide(at, frame, conditions[position]!, held[position] === true, ready);
  const noneHeld = !held.includes(true);
  for (const transition of otherwise) decide(at, frame, transition, noneHeld, ready);
  for (const transition of errors) decide(at, frame, transition, false, ready);
  goOn(at, frame, ready);
}

/** J6: error transitions take a failure; without one it is for the construct. */
function fail(at: Step, frame: Frame, slot: number, error: JobError): void {
  const { outgoing, errors } = frame.scope.activities[slot]!;
  frame.activeCount--;
  frame.activities[slot] = ActivityState.failed;
  // Something in this frame has failed before: nothing new starts, and the first failure is the one that counts.
  if (frame.failure) return;
  if (!errors.length) {
    elements[frame.scope.kind].failed(at, frame, slot, error);
    return;
  }
  frame.failures ??= new Map();
  frame.failures.set(slot, error);
  const ready: number[] = [];
  for (const transition of outgoing) decide(at, frame, transition, errors.includes(transition), ready);
  goOn(at, frame, ready);
}

/** J4: an activity is decided once all transitions to it are; it runs when one of them was taken. */
function decide(at: Step, frame: Frame, transition: number, isTaken: boolean, ready: number[]): void {
  const planned = frame.scope.transitions[transition]!;
  frame.transitions[transition] = isTaken ? TransitionState.taken : TransitionState.dead;
  if (isTaken) at.effects.taken.push(planned);
  frame.undecided[planned.to]!--;
  if (frame.undecided[planned.to] === 0) ready.push(planned.to);
}

function proceed(at: Step, frame: Frame, slots: readonly number[]): void {
  goOn(at, frame, [...slots]);
}

/** Starts or skips decided activities; a skipped one decides its own transitions (J5), and so on down the graph. */
function goOn(at: Step, frame: Frame, ready: number[]): void {
  for (let position = 0; position < ready.length; position++) {
    const slot = ready[position]!;
    if (wasReached(frame, slot)) execute(at, frame, slot);
    else {
      frame.activities[slot] = ActivityState.skipped;
      at.effects.skipped.push(frame.firstExecution + slot);
      for (const transition of frame.scope.activities[slot]!.outgoing) decide(at, frame, transition, false, ready);
    }
  }
}

function begin(at: Step, frame: Frame, slots: readonly number[]): void {
  for (const slot of slots) execute(at, frame, slot);
}

/** J8: a disabled activity is passed over. A scope is executed by what is inside of it. */
function execute(at: Step, frame: Frame, slot: number): void {
  const { isDisabled, inside } = frame.scope.activities[slot]!;
  if (isDisabled) {
    pass(at, frame, slot, undefined);
    return;
  }
  activate(frame, slot);
  if (inside) enter(at, frame, slot, inside);
  else at.effects.execute.push(frame.firstExecution + slot);
}

/** J13, J14: a frame of its own, with what the scope sees as its data. */
function enter(at: Step, parent: Frame, slot: number, scope: PlannedScope): void {
  const { job, effects } = at;
  effects.begun.push(parent.firstExecution + slot);
  const data = { ...frameData(job, parent, slot) };
  const frame = createFrame(scope, parent, slot, job.executionCount, data);
  job.executionCount += scope.activities.length;
  if (job.frames) job.frames.push(frame);
  else job.frames = [frame];
  elements[scope.kind].enter(at, frame);
  // Nothing in it may be to do.
  if (frame.activeCount === 0) elements[scope.kind].childEnded(at, frame);
}

function wasReached(frame: Frame, slot: number): boolean {
  return frame.scope.activities[slot]!.incoming.some(
    (transition) => frame.transitions[transition] === TransitionState.taken,
  );
}

function activate(frame: Frame, slot: number): void {
  frame.activities[slot] = ActivityState.active;
  frame.activeCount++;
}
