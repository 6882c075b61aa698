import type { Element } from './element.ts';

/** Ends the job, and well, at once: what else is under way is given up, in the processes that called this one too (J24). */
export const exit: Element = {
  enter(step, frame, slot) {
    const { job, effects, flow } = step;
    flow.finish(step, frame, slot, undefined);
    flow.cancelInside(step, job.root);
    job.hasEnded = true;
    effects.ended = { ok: true, output: job.root.data };
  },
};
