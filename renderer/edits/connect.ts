import type { ActivityId, ProcessId, Transition, TransitionId, TransitionKind } from '../../engine/model/document.ts';
import type { Edit } from './edit.ts';
import { freeId } from './free-id.ts';
import { inProcess } from './in-process.ts';

interface NewTransition {
  readonly id?: TransitionId;
  readonly from: ActivityId;
  readonly to: ActivityId;
  readonly kind: TransitionKind;
}

/** The id of a new wire: its ends, and a number when two activities have several. */
export function transitionIdFor(transitions: readonly Transition[], from: ActivityId, to: ActivityId): TransitionId {
  return freeId(`${from}-${to}`, (id) => transitions.some((transition) => transition.id === id));
}

/** Adds a wire. */
export function connect(process: ProcessId, { id, from, to, kind }: NewTransition): Edit {
  return inProcess(process, (current) => ({
    ...current,
    transitions: [
      ...current.transitions,
      {
        id: id ?? transitionIdFor(current.transitions, from, to),
        from,
        to,
        kind,
        ...(kind === 'condition' ? { condition: '' } : {}),
      },
    ],
  }));
}
