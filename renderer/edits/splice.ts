import type { ActivityId, ProcessId, TransitionId } from '../../engine/model/document.ts';
import { transitionIdFor } from './connect.ts';
import type { Edit } from './edit.ts';
import { inProcess } from './in-process.ts';

/** Puts an activity into a wire: the wire now ends at it, and a success wire leads on to where the old one went. */
export function splice(process: ProcessId, wireId: TransitionId, activity: ActivityId): Edit {
  return inProcess(process, (current) => {
    const wire = current.transitions.find((one) => one.id === wireId);
    if (wire === undefined || wire.from === activity || wire.to === activity) return current;
    const onward = { id: transitionIdFor(current.transitions, activity, wire.to), from: activity, to: wire.to };
    return {
      ...current,
      transitions: [
        ...current.transitions.map((one) => (one === wire ? { ...wire, to: activity } : one)),
        { ...onward, kind: 'success' as const },
      ],
    };
  });
}
