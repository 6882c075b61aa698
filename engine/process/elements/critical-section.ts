import type { Frame } from '../job.ts';
import { executionAt } from '../job.ts';
import type { Element } from './element.ts';
import { scope } from './scope.ts';

/**
 * A critical section: a scope that no two jobs are in at once which name the same lock (J27). The lock is given back with the end of the
 * execution, whatever end that is.
 */
export const criticalSection: Element = {
  ...scope,
  enter(step, frame, slot) {
    const name = lockAt(frame, slot);
    // A section in one with the same lock would wait for itself.
    if (isHeld(frame, name)) step.flow.open(step, frame, slot);
    else step.flow.ask(step, { execution: executionAt(frame, slot), token: 0, want: 'lock', name });
  },
  answered(step, frame, slot, answer) {
    if (answer.ok) step.flow.open(step, frame, slot);
    else step.flow.finishFailed(step, frame, slot, answer.error);
  },
};

function lockAt({ scope: { activities } }: Frame, slot: number): string {
  const { lock } = activities[slot]!.settings;
  return typeof lock === 'string' ? lock : '';
}

/** Whether a section around a frame has the lock already, or one around whoever undoes it. */
function isHeld(frame: Frame, name: string): boolean {
  for (let at = frame; at.parent; at = at.parent) {
    if (at.undoneBy) return isHeld(at.undoneBy.frame, name);
    if (at.scope.kind === 'critical-section' && lockAt(at.parent, at.slot) === name) return true;
  }
  return false;
}
