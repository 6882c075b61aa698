import type { StepEffects } from './events.ts';
import type { Frame, Job } from './job.ts';
import { executionAt } from './job.ts';
import { ActivityState } from './plan.ts';

interface Cancelling {
  readonly job: Job;
  readonly effects: StepEffects;
}

/** Gives up what is active at a slot of a frame, with all that is active inside of it. */
export function cancelAt(at: Cancelling, frame: Frame, slot: number): void {
  for (const inner of at.job.frames ?? []) if (standsIn(inner, frame, slot)) end(at, inner);
  cancel(at, frame, slot);
}

/** Gives up all that is active in a frame, and ends it and all frames inside of it. */
export function cancelInside(at: Cancelling, frame: Frame): void {
  for (const inner of at.job.frames ?? []) if (standsIn(inner, frame, undefined)) end(at, inner);
  end(at, frame);
}

function end(at: Cancelling, frame: Frame): void {
  if (frame.hasEnded) return;
  frame.hasEnded = true;
  for (let slot = 0; slot < frame.activities.length; slot++)
    if (frame.activities[slot] === ActivityState.active) cancel(at, frame, slot);
}

function cancel({ effects }: Cancelling, frame: Frame, slot: number): void {
  frame.activities[slot] = ActivityState.skipped;
  frame.activeCount--;
  frame.constructs?.delete(slot);
  const execution = executionAt(frame, slot);
  // What this step wanted to begin has not begun.
  const wanted = effects.execute.indexOf(execution);
  if (wanted < 0) effects.cancelled.push(execution);
  else {
    effects.execute.splice(wanted, 1);
    effects.skipped.push(execution);
  }
}

/** Whether a frame lies in another one, at a slot of it when one is given. */
function standsIn(inner: Frame, outer: Frame, slot: number | undefined): boolean {
  for (let at = inner; at.parent; at = at.parent)
    if (at.parent === outer) return slot === undefined || at.slot === slot;
  return false;
}
