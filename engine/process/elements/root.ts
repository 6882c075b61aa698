import { leaveProcess } from './call.ts';
import type { Element } from './element.ts';
import { beginCatch } from './take-failure.ts';

/** A process itself: with its frame its job ends (J7), or the call of it. */
export const root: Element = {
  ended(step, frame) {
    if (!beginCatch(step, frame)) leaveProcess(step, frame);
  },
};
