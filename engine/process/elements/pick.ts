import { ActivityState } from '../plan.ts';
import type { Element } from './element.ts';
import { scope } from './scope.ts';

/**
 * Pick first: its events, the activities in it that nothing leads to, begin together. The first that ends, well or not, is the one whose
 * transitions count; the others are given up (J26).
 */
export const pick: Element = {
  ...scope,
  reached(step, frame, slot) {
    if (frame.picked !== undefined || !frame.scope.begins.includes(slot)) return;
    frame.picked = slot;
    for (const other of frame.scope.begins)
      if (other !== slot && isActive(frame.activities[other]!)) step.flow.cancelAt(step, frame, other);
    frame.outputs!.picked = frame.scope.activities[slot]!.id;
  },
};

function isActive(state: number): boolean {
  return state === ActivityState.active;
}
