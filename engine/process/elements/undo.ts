import { assert } from '../../base/assert.ts';
import type { JobError } from '../../spi/runtime.ts';
import type { Frame } from '../job.ts';
import { addFrame, executionAt } from '../job.ts';
import { ActivityState } from '../plan.ts';
import type { Step } from './element.ts';

/** What a frame keeps to be undone, at most: a loop may complete any number of scopes. */
export const undoableMax = 10_000;

/**
 * J28: a frame that is over is kept by the one around it when there is something that can undo: its own compensation once it has
 * completed, or what is kept in it. A failure when that is too much.
 */
export function keepUndoable({ parent, scope, slot, undoable, failure }: Frame, self: Frame): JobError | undefined {
  if (!parent) return undefined;
  const kept = scope.compensation === undefined || failure ? undoable : [self];
  if (!kept?.length) return undefined;
  parent.undoable ??= [];
  if (parent.undoable.length + kept.length > undoableMax) {
    const { id } = parent.scope.activities[slot]!;
    const message = `expected at most ${undoableMax} completed scopes with a compensation in one scope; ${id} would be one more`;
    return { code: 'COMPENSATIONS_TOO_MANY', message, activity: id, retriable: false };
  }
  for (const each of kept) parent.undoable.push(each);
  return undefined;
}

/** Begins to undo the last of what a frame keeps, or the last one of a scope, for a Compensate. False when nothing is left. */
export function undoLast(step: Step, frame: Frame, scope: string | undefined, by: Frame['undoneBy']): boolean {
  const found = frame.undoable?.findLastIndex(({ parent, slot }) => isOf(scope, parent, slot)) ?? -1;
  if (found < 0) return false;
  const [last] = frame.undoable!.splice(found, 1);
  const slot = last!.scope.compensation;
  assert(slot !== undefined, 'only what has a compensation is kept');
  addFrame(step.job, last!);
  last!.hasEnded = false;
  last!.undoneBy = by;
  const execution = executionAt(last!, slot);
  step.effects.begun.push(execution);
  step.effects.finished.push({ execution, ok: true, output: undefined });
  last!.activities[slot] = ActivityState.active;
  last!.activeCount++;
  step.flow.complete(step, last!, slot, undefined);
  // Nothing may stand behind it.
  step.flow.settle(step, last!);
  return true;
}

function isOf(scope: string | undefined, parent: Frame | undefined, slot: number): boolean {
  return scope === undefined || parent?.scope.activities[slot]?.id === scope;
}

/** What undid a frame is over: whoever asked for it goes on after a turn, for there may be very many; or has failed with it. */
export function endUndoing(step: Step, frame: Frame): void {
  const { undoneBy, failure } = frame;
  assert(undoneBy, 'it is undone for somebody');
  frame.hasEnded = true;
  const { frame: around, slot } = undoneBy;
  if (failure) step.flow.finishFailed(step, around, slot, failure.error);
  else step.flow.ask(step, { execution: executionAt(around, slot), token: 0, want: 'turn' });
}
