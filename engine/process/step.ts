import { assert, unreachable } from '../base/assert.ts';
import type { JobError } from '../spi/runtime.ts';
import { cancelAt, cancelInside } from './cancel.ts';
import type { Flow, OpenedFrame, Step } from './elements/element.ts';
import { elements } from './elements/elements.ts';
import type { Ask, JobEvent, StepEffects } from './events.ts';
import type { Frame, Job } from './job.ts';
import { addFrame, createFrame, dropLeaving, executionAt, frameOf } from './job.ts';
import { frameData } from './job-data.ts';
import { ActivityState, TransitionState } from './plan.ts';

/** What constructs are given to act with. */
const flow: Flow = {
  begin,
  skip,
  open,
  complete,
  fail,
  finish,
  finishFailed,
  settle,
  ask,
  cancelAt: giveUp,
  cancelInside,
};

const none: readonly boolean[] = [];

/**
 * Decides what an event means for a job: the only writer of a job, without clock, chance, I/O or expressions. README.md numbers the rules
 * (J1 ...). Adds what is to be done to `effects`. An event after the end of its job, or for an execution that is not active, is a bug.
 *
 * What one step leads to waits in a list (`effects.agenda`) and is worked off in a loop, so that a step takes no stack however many
 * activities it passes over; and as each round of a loop and each call waits for an event of its own, no step does more than a few times
 * what stands in the documents.
 */
export function step(job: Job, event: JobEvent, effects: StepEffects): void {
  assert(!job.hasEnded, `job ${job.id} got ${event.type} after its end`);
  const at: Step = { job, effects, flow };
  if (job.leaving) dropLeaving(job);
  if (event.type === 'started') start(at, event.output);
  else take(at, event);
  work(at);
}

function take(at: Step, event: Exclude<JobEvent, { type: 'started' }>): void {
  const { job } = at;
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
    case 'answered': {
      const { construct } = frame.scope.activities[slot]!;
      assert(construct, `execution ${event.execution} of job ${job.id} has asked nothing`);
      elements[construct].answered!(at, frame, slot, event);
      break;
    }
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
  settle(at, root);
}

/** Starts or skips what is decided until nothing of this step is left. */
function work(at: Step): void {
  const { frames, slots } = at.effects.agenda;
  // They grow while they are worked off.
  for (let position = 0; position < slots.length; position++) {
    const frame = frames[position]!;
    frame.activeCount--;
    // What has failed or was given up meanwhile starts nothing.
    if (frame.hasEnded || at.job.hasEnded) continue;
    if (!frame.failure) startOrSkip(at, frame, slots[position]!);
    settle(at, frame);
  }
  // Not by `length = 0`, which gives up the room that the next step needs.
  while (slots.length > 0) {
    slots.pop();
    frames.pop();
  }
}

/** J4: it executes when it was reached. A skipped activity decides its own transitions (J5), and so on down the graph. */
function startOrSkip(at: Step, frame: Frame, slot: number): void {
  const isLate = frame.picked !== undefined && frame.picked !== slot && isEvent(frame, slot);
  if (!isLate && wasReached(frame, slot)) execute(at, frame, slot);
  else skip(at, frame, slot);
}

/** Asks the constructs of a frame and of those around it, from the inside out, what follows where nothing is active any more. */
function settle(at: Step, frame: Frame): void {
  for (let next: Frame | undefined = frame; next?.activeCount === 0 && !next.hasEnded; next = next.parent)
    elements[next.scope.kind].ended!(at, next);
}

function complete(at: Step, frame: Frame, slot: number, output: unknown): void {
  frame.activeCount--;
  if (frame.scope.isPick) elements.pick.reached!(at, frame, slot);
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
  for (const transition of success) decide(at, frame, transition, true);
  for (let position = 0; position < conditions.length; position++)
    decide(at, frame, conditions[position]!, held[position] === true);
  const noneHeld = !held.includes(true);
  for (const transition of otherwise) decide(at, frame, transition, noneHeld);
  for (const transition of errors) decide(at, frame, transition, false);
}

/** J6: error transitions take a failure; without one it is the frame's. */
function fail(at: Step, frame: Frame, slot: number, thrown: JobError): void {
  const { outgoing, errors, id, process } = frame.scope.activities[slot]!;
  const isCalled = process !== at.job.plan.processId && thrown.process === undefined && thrown.activity === id;
  const error = isCalled ? { ...thrown, process } : thrown;
  frame.activeCount--;
  frame.activities[slot] = ActivityState.failed;
  // Something in this frame has failed before: nothing new starts, and the first failure is the one that counts.
  if (frame.failure) return;
  if (frame.scope.isPick) elements.pick.reached!(at, frame, slot);
  if (!errors.length) {
    frame.failure = { slot, error };
    return;
  }
  frame.failures ??= new Map();
  frame.failures.set(slot, error);
  for (const transition of outgoing) decide(at, frame, transition, errors.includes(transition));
}

/** J4: an activity is decided once all transitions to it are. */
function decide(at: Step, frame: Frame, transition: number, isTaken: boolean): void {
  const planned = frame.scope.transitions[transition]!;
  frame.transitions[transition] = isTaken ? TransitionState.taken : TransitionState.dead;
  if (isTaken) at.effects.taken.push(planned);
  frame.undecided[planned.to]!--;
  if (frame.undecided[planned.to] === 0) plan(at, frame, planned.to);
}

/** Until it is started or skipped it counts as active, so that nobody takes the frame for done. */
function plan(at: Step, frame: Frame, slot: number): void {
  const { frames, slots } = at.effects.agenda;
  frame.activeCount++;
  frames.push(frame);
  slots.push(slot);
}

function begin(at: Step, frame: Frame, slots: readonly number[]): void {
  for (const slot of slots) plan(at, frame, slot);
}

function skip(at: Step, frame: Frame, slot: number): void {
  frame.activities[slot] = ActivityState.skipped;
  at.effects.skipped.push(frame.firstExecution + slot);
  for (const transition of frame.scope.activities[slot]!.outgoing) decide(at, frame, transition, false);
}

/** J8: a disabled activity is passed over. A construct is executed by its file in elements/. */
function execute(at: Step, frame: Frame, slot: number): void {
  const { isDisabled, construct } = frame.scope.activities[slot]!;
  if (isDisabled) {
    if (frame.scope.isPick) elements.pick.reached!(at, frame, slot);
    pass(at, frame, slot, undefined);
    return;
  }
  activate(frame, slot);
  if (construct === undefined) {
    at.effects.execute.push(frame.firstExecution + slot);
    return;
  }
  at.effects.begun.push(frame.firstExecution + slot);
  elements[construct].enter!(at, frame, slot);
}

/** J13, J14: a frame of its own; without data of its own it reads what the activity itself would. */
function open(at: Step, parent: Frame, slot: number, opened: OpenedFrame = {}): Frame {
  const { job } = at;
  const scope = opened.scope ?? parent.scope.activities[slot]!.inside;
  assert(scope, 'what is opened has something inside');
  const data = opened.data ?? { ...frameData(job, parent, slot) };
  const frame = createFrame(scope, parent, slot, job.executionCount, data, opened.iteration);
  job.executionCount += scope.activities.length;
  addFrame(job, frame);
  if (opened.output === undefined) begin(at, frame, scope.begins);
  else hand(at, frame, opened.output);
  // Nothing in it may be to do.
  settle(at, frame);
  return frame;
}

/** A called process begins with what its caller hands it, as the output of its Start. */
function hand(at: Step, frame: Frame, output: unknown): void {
  const [slot] = frame.scope.begins;
  assert(slot !== undefined, 'a process has a starter');
  const execution = executionAt(frame, slot);
  at.effects.begun.push(execution);
  at.effects.finished.push({ execution, ok: true, output });
  pass(at, frame, slot, output);
}

function finish(at: Step, frame: Frame, slot: number, output: unknown): void {
  at.effects.finished.push({ execution: executionAt(frame, slot), ok: true, output });
  frame.constructs?.delete(slot);
  complete(at, frame, slot, output);
}

function finishFailed(at: Step, frame: Frame, slot: number, error: JobError): void {
  at.effects.finished.push({ execution: executionAt(frame, slot), ok: false, error });
  frame.constructs?.delete(slot);
  fail(at, frame, slot, error);
}

function ask(at: Step, question: Ask): void {
  at.effects.asks.push(question);
}

/** What was given up leads nowhere. */
function giveUp(at: Step, frame: Frame, slot: number): void {
  cancelAt(at, frame, slot);
  for (const transition of frame.scope.activities[slot]!.outgoing) decide(at, frame, transition, false);
}

/** Whether nothing leads to it: in a Pick one of the events. */
function isEvent(frame: Frame, slot: number): boolean {
  return frame.scope.activities[slot]!.incoming.length === 0;
}

/** What begins a scope is reached with the scope. */
function wasReached(frame: Frame, slot: number): boolean {
  const { incoming } = frame.scope.activities[slot]!;
  if (incoming.length === 0) return true;
  for (const transition of incoming) if (frame.transitions[transition] === TransitionState.taken) return true;
  return false;
}

function activate(frame: Frame, slot: number): void {
  frame.activities[slot] = ActivityState.active;
  frame.activeCount++;
}
