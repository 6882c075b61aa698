import type { ActivityCatalog } from './activity-catalog.ts';
import type { ActivityId, Process } from './document.ts';
import { catchBranch, upstreamOf } from './graph.ts';
import { ancestorsOf, childrenOf, parentOf } from './scopes.ts';

/**
 * Activities whose failure an activity can know as `errors.<id>` (J11, J16): their error transitions lead to it, directly or through
 * others; or it stands behind the catch of their scope. For one in a scope also what led to the scope.
 */
export function failuresBefore(
  process: Process,
  activity: ActivityId,
  catalog: ActivityCatalog,
): readonly ActivityId[] {
  const before = upstreamOf(process, activity, catalog);
  const around = [activity, ...ancestorsOf(process, activity)];
  const reached = (id: ActivityId) => around.includes(id) || before.has(id);
  const handled = process.transitions.filter(({ kind, to }) => kind === 'error' && reached(to)).map(({ from }) => from);
  const caught = around.flatMap((id) => {
    const scope = parentOf(process, id);
    const branch = catchBranch(process, scope, catalog);
    return branch.has(id) ? childrenOf(process, scope).filter((other) => !branch.has(other.id)) : [];
  });
  return [...new Set([...handled, ...caught.map(({ id }) => id)])];
}
