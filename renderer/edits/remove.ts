import type { ActivityId, ProcessId, TransitionId } from '../../engine/model/document.ts';
import { withInside } from '../../engine/model/scopes.ts';
import type { Edit } from './edit.ts';
import { inProcess } from './in-process.ts';

interface Removed {
  readonly activities: readonly ActivityId[];
  readonly transitions: readonly TransitionId[];
}

/** Removes activities, scopes with all that is in them, and wires; wires of a removed activity go by a behaviour. */
export function remove(process: ProcessId, { activities, transitions }: Removed): Edit {
  return inProcess(process, (current) => {
    const gone = new Set(withInside(current, activities));
    return {
      ...current,
      activities: Object.fromEntries(Object.entries(current.activities).filter(([id]) => !gone.has(id))),
      transitions: current.transitions.filter((wire) => !transitions.includes(wire.id)),
    };
  });
}
