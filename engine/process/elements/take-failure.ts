import type { Frame, FrameFailure } from '../job.ts';
import { executionAt } from '../job.ts';
import type { PlannedCatch } from '../plan.ts';
import { ActivityState, TransitionState } from '../plan.ts';
import type { Step } from './element.ts';

/**
 * Where nothing in a frame is active any more: its catches. After a failure the first that takes it begins (J15), else none of them
 * runs (J18). True when something in the frame has begun, and it is not over yet.
 */
export function beginCatch(step: Step, frame: Frame): boolean {
  const waiting = frame.scope.catches.filter(({ slot }) => frame.activities[slot] === ActivityState.waiting);
  if (waiting.length === 0) return false;
  const { failure } = frame;
  const taker = failure && waiting.find((each) => takes(each, failure.error.code));
  if (failure && !taker) return false;
  if (taker) skipMainFlow(step, frame);
  for (const { slot } of waiting) if (slot !== taker?.slot) step.flow.skip(step, frame, slot);
  if (failure && taker) takeFailure(step, frame, taker.slot, failure);
  return frame.activeCount > 0;
}

/** J21: by its code, the whole of it or its beginning. */
function takes({ codes }: PlannedCatch, code: string): boolean {
  return (
    codes.length === 0 ||
    codes.some((each) => (each.endsWith('*') ? code.startsWith(each.slice(0, -1)) : each === code))
  );
}

/** J15: the catch begins, with the failure as its output. */
function takeFailure(step: Step, frame: Frame, slot: number, failure: FrameFailure): void {
  frame.failure = undefined;
  frame.caught = { ...failure, by: slot };
  if (frame.outputs) frame.outputs.error = failure.error;
  const execution = executionAt(frame, slot);
  step.effects.begun.push(execution);
  step.effects.finished.push({ execution, ok: true, output: failure.error });
  frame.activities[slot] = ActivityState.active;
  frame.activeCount++;
  step.flow.complete(step, frame, slot, failure.error);
}

/** Decides all that the failure left undecided, so that no join behind the catch waits for it. */
function skipMainFlow({ effects }: Step, frame: Frame): void {
  const { scope, activities, transitions, undecided } = frame;
  const { behindCatch } = scope;
  frame.failure = undefined;
  for (const { slot, from, to } of scope.transitions) {
    if (behindCatch[from] || transitions[slot] !== TransitionState.undecided) continue;
    transitions[slot] = TransitionState.dead;
    undecided[to]!--;
  }
  for (let slot = 0; slot < activities.length; slot++) {
    if (behindCatch[slot] || activities[slot] !== ActivityState.waiting) continue;
    activities[slot] = ActivityState.skipped;
    effects.skipped.push(executionAt(frame, slot));
  }
}
