import { activityRuntime } from '../../../engine/spi/define-runtime.ts';
import type { SharedVariable } from '../variable/shared-variable.ts';
import set from './activity.ts';

/** One synchronous step: nothing else of the process runs in between. */
export const runtime = activityRuntime(set, ({ variable, change }, host) => {
  const shared = host.resource<SharedVariable>(variable);
  return {
    execute: ({ value, expected }, job) => {
      const previous = shared.get(job) ?? null;
      const isChanged = change !== 'compare' || JSON.stringify(previous) === JSON.stringify(expected ?? null);
      if (isChanged) shared.set(job, changedBy(change, previous, value ?? null));
      return { value: shared.get(job) ?? null, previous, changed: isChanged };
    },
  };
});

/** What is added to is taken for nothing when it is of another kind: the variable refuses what its type does not allow. */
function changedBy(change: string, previous: unknown, value: unknown): unknown {
  if (change === 'add') return typeof value === 'number' ? Number(previous ?? 0) + value : value;
  if (change === 'append') return [...(Array.isArray(previous) ? previous : []), value];
  return value;
}
