import type { Element } from './element.ts';

/** The process itself: its job ends with the frame (J7). */
export const root: Element = {
  enter() {
    // The starter has executed before there is a job.
  },
  failed(_step, frame, slot, error) {
    frame.failure ??= { slot, error };
  },
  childEnded({ job, effects }, frame) {
    frame.hasEnded = true;
    job.hasEnded = true;
    effects.ended = frame.failure ? { ok: false, error: frame.failure.error } : { ok: true, output: frame.data };
  },
};
