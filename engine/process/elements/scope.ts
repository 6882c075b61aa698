import { assert } from '../../base/assert.ts';
import type { Frame, FrameFailure } from '../job.ts';
import { ActivityState, TransitionState } from '../plan.ts';
import type { Element, Step } from './element.ts';

/** A scope: what is inside runs as one activity, and a catch in it takes what fails there (J13-J18). */
export const scope: Element = {
  enter(step, frame) {
    step.flow.begin(step, frame, frame.scope.begins);
  },
  failed(_step, frame, slot, error) {
    frame.failure ??= { slot, error };
  },
  childEnded(step, frame) {
    const catching = frame.scope.catch;
    if (catching && frame.activities[catching.slot] === ActivityState.waiting) {
      if (frame.failure) takeFailure(step, frame, catching.slot, frame.failure);
      else step.flow.proceed(step, frame, [catching.slot]);
      if (frame.activeCount > 0) return;
    }
    leave(step, frame);
  },
};

/** J15: the catch begins, with the failure as its output. What else waits in the scope will not run. */
function takeFailure(step: Step, frame: Frame, slot: number, failure: FrameFailure): void {
  frame.failure = undefined;
  frame.caught = failure;
  frame.outputs!.error = failure.error;
  skipMainFlow(step, frame);
  const execution = frame.firstExecution + slot;
  step.effects.begun.push(execution);
  step.effects.finished.push({ execution, ok: true, output: failure.error });
  frame.activities[slot] = ActivityState.active;
  frame.activeCount++;
  step.flow.complete(step, frame, slot, failure.error);
}

/** Decides all that the failure left undecided, so that no join behind the catch waits for it. */
function skipMainFlow({ effects }: Step, frame: Frame): void {
  const { scope, activities, transitions, undecided, firstExecution } = frame;
  const { branch } = scope.catch!;
  for (const { slot, from, to } of scope.transitions) {
    if (branch[from] || transitions[slot] !== TransitionState.undecided) continue;
    transitions[slot] = TransitionState.dead;
    undecided[to]!--;
  }
  for (let slot = 0; slot < activities.length; slot++) {
    if (branch[slot] || activities[slot] !== ActivityState.waiting) continue;
    activities[slot] = ActivityState.skipped;
    effects.skipped.push(firstExecution + slot);
  }
}

/** J13, J17: the scope has completed, with what its activities gave; or it has failed in the frame around it. */
function leave(step: Step, frame: Frame): void {
  const { parent, slot, failure, outputs } = frame;
  assert(parent, 'a scope stands in a frame');
  frame.hasEnded = true;
  const execution = parent.firstExecution + slot;
  if (failure) {
    step.effects.finished.push({ execution, ok: false, error: failure.error });
    step.flow.fail(step, parent, slot, failure.error);
  } else {
    step.effects.finished.push({ execution, ok: true, output: outputs });
    step.flow.complete(step, parent, slot, outputs);
  }
}
