import type { Frame } from '../job.ts';
import type { Element, Step } from './element.ts';
import { newLoop } from './loop.ts';
import { undoLast } from './undo.ts';

/** Undoes what has completed in the scope around it: the compensations of the scopes in it, the last that completed first (J28). */
export const compensate: Element = {
  enter(step, frame, slot) {
    goOn(step, frame, slot);
  },
  answered(step, frame, slot) {
    goOn(step, frame, slot);
  },
};

function goOn(step: Step, frame: Frame, slot: number): void {
  const { settings } = frame.scope.activities[slot]!;
  const scope = typeof settings.scope === 'string' && settings.scope !== '' ? settings.scope : undefined;
  const state = frame.constructs?.get(slot);
  const undone = state?.begun ?? 0;
  for (let at: Frame | undefined = frame; at; at = at.scope.kind === 'root' ? undefined : at.parent) {
    if (!undoLast(step, at, scope, { frame, slot })) continue;
    frame.constructs ??= new Map();
    frame.constructs.set(slot, { ...newLoop(), begun: undone + 1 });
    return;
  }
  step.flow.finish(step, frame, slot, { undone });
}
