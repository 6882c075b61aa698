import type { DeclaredKind } from '../model/activity-catalog.ts';
import { initialState } from './initial-state.ts';
import type { PlannedActivity, PlannedCatch, PlannedScope, PlannedTransition } from './plan.ts';

/** Joins planned activities and the transitions between them to a scope. `kinds` are those of the activities, by slot. */
export function joinScope(
  kind: PlannedScope['kind'],
  activities: readonly PlannedActivity[],
  transitions: readonly PlannedTransition[],
  kinds: readonly (DeclaredKind | undefined)[],
): PlannedScope {
  // A disabled catch catches nothing: passed over like other activities, it would swallow every failure.
  const catching = activities.find(({ slot, isDisabled }) => kinds[slot] === 'catch' && !isDisabled);
  const begins = activities
    .filter(({ slot, incoming }) =>
      kind === 'root' ? kinds[slot] === 'starter' : incoming.length === 0 && kinds[slot] !== 'catch',
    )
    .map(({ slot }) => slot);
  return {
    kind,
    activities,
    transitions,
    begins,
    catch: catching && plannedCatch(catching, activities, transitions),
    initial: initialState(activities, transitions, catching ? [...begins, catching.slot] : begins),
  };
}

function plannedCatch(
  { slot }: PlannedActivity,
  activities: readonly PlannedActivity[],
  transitions: readonly PlannedTransition[],
): PlannedCatch {
  const branch = activities.map((activity) => activity.slot === slot);
  const ways = [slot];
  for (const at of ways)
    for (const outgoing of activities[at]!.outgoing) {
      const { to } = transitions[outgoing]!;
      if (!branch[to]) ways.push(to);
      branch[to] = true;
    }
  return { slot, branch };
}
