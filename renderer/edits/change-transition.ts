import type { ProcessId, Transition, TransitionId, TransitionKind } from '../../engine/model/document.ts';
import type { Edit } from './edit.ts';
import { inProcess } from './in-process.ts';

/** What can be changed of a wire that is there. */
export interface TransitionPatch {
  readonly kind?: TransitionKind;
  readonly condition?: string;
  /** Empty: no name. */
  readonly name?: string;
}

/** Changes a wire. A condition lives only on wires of kind `condition`. */
export function changeTransition(process: ProcessId, id: TransitionId, patch: TransitionPatch): Edit {
  return inProcess(process, (current) => ({
    ...current,
    transitions: current.transitions.map((wire) => (wire.id === id ? patched(wire, patch) : wire)),
  }));
}

function patched(wire: Transition, patch: TransitionPatch): Transition {
  const { condition, name, ...rest } = { ...wire, ...patch };
  return {
    ...rest,
    ...(rest.kind === 'condition' ? { condition: condition ?? '' } : {}),
    ...(name === undefined || name === '' ? {} : { name }),
  };
}
