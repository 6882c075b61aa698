import { failureAround } from '../job.ts';
import type { Element } from './element.ts';

/**
 * Ends the job at once, and well, unless something around it has failed: what else is under way is given up, in the processes that called this
 * one too (J24).
 */
export const exit: Element = {
  enter(step, frame, slot) {
    const { job, effects, flow } = step;
    flow.finish(step, frame, slot, undefined);
    flow.cancelInside(step, job.root);
    job.hasEnded = true;
    const failure = failureAround(frame, job.root);
    effects.ended = failure ? { ok: false, error: failure.error } : { ok: true, output: job.root.data };
  },
};
