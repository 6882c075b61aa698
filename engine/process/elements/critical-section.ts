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
    const { settings } = frame.scope.activities[slot]!;
    const name = typeof settings.lock === 'string' ? settings.lock : '';
    step.flow.ask(step, { execution: executionAt(frame, slot), token: 0, want: 'lock', name });
  },
  answered(step, frame, slot, answer) {
    if (answer.ok) step.flow.open(step, frame, slot);
    else step.flow.finishFailed(step, frame, slot, answer.error);
  },
};
