import { errorAbove } from '../job-data.ts';
import type { Element } from './element.ts';

/** Fails with the failure that a catch or an error transition took, as it was: its code, and the activity that failed (J22). */
export const rethrow: Element = {
  enter(step, frame, slot) {
    const { id } = frame.scope.activities[slot]!;
    const message = `expected a failure to throw again, but nothing has failed in front of ${id}`;
    const nothing = { code: 'NOTHING_TO_RETHROW', message, activity: id, retriable: false };
    step.flow.finishFailed(step, frame, slot, errorAbove(frame, slot) ?? nothing);
  },
};
