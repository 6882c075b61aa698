import { assert } from '../../base/assert.ts';
import type { Frame } from '../job.ts';
import type { Element, Step } from './element.ts';
import { beginCatch } from './take-failure.ts';
import { endUndoing, keepUndoable } from './undo.ts';

/** A scope: what is inside runs as one activity, and a catch in it takes what fails there (J13-J18). */
export const scope: Element = {
  enter(step, frame, slot) {
    step.flow.open(step, frame, slot);
  },
  ended(step, frame) {
    if (frame.undoneBy) endUndoing(step, frame);
    else if (!beginCatch(step, frame)) leaveScope(step, frame);
  },
};

/** J13, J17: the scope has completed, with what its activities gave; or it has failed in the frame around it. */
export function leaveScope(step: Step, frame: Frame): void {
  const { parent, slot, outputs } = frame;
  assert(parent, 'a scope stands in a frame');
  frame.hasEnded = true;
  const error = keepUndoable(frame, frame) ?? frame.failure?.error;
  if (error) step.flow.finishFailed(step, parent, slot, frame.failure?.error ?? error);
  else step.flow.finish(step, parent, slot, outputs);
}
