import { catchCodes } from '../model/rules/catch-place.ts';
import { initialState } from './initial-state.ts';
import type { PlannedActivity, PlannedCatch, PlannedScope, PlannedTransition } from './plan.ts';

/** Joins planned activities and the transitions between them to a scope. The root begins with the process starter. */
export function joinScope(
  kind: PlannedScope['kind'],
  process: string,
  activities: readonly PlannedActivity[],
  transitions: readonly PlannedTransition[],
  isStarter: (activity: PlannedActivity) => boolean,
): PlannedScope {
  // A disabled catch catches nothing: passed over like other activities, it would swallow every failure.
  const catching = activities.filter(({ construct, isDisabled }) => construct === 'catch' && !isDisabled);
  const undoing = activities.find(({ construct, isDisabled }) => construct === 'compensation' && !isDisabled);
  const branches = undoing ? [...catching, undoing] : catching;
  const begins = activities
    .filter((activity) =>
      kind === 'root' ? isStarter(activity) : activity.incoming.length === 0 && !isBranch(activity),
    )
    .map(({ slot }) => slot);
  const begun = [...begins, ...branches.map(({ slot }) => slot)];
  return {
    ...{ kind, process, activities, transitions, begins },
    isPick: kind === 'pick',
    catches: catching.map(plannedCatch).sort(mostSpecificFirst),
    behindCatch: behind(branches, activities, transitions),
    compensation: undoing?.slot,
    initial: initialState(activities, transitions, begun),
  };
}

/** What begins a branch of its own, and not with the scope. */
function isBranch({ construct }: PlannedActivity): boolean {
  return construct === 'catch' || construct === 'compensation';
}

function plannedCatch({ slot, settings }: PlannedActivity): PlannedCatch {
  return { slot, codes: catchCodes({ config: settings as PlannedActivity['config'] }) };
}

/** J21: whole codes before beginnings of codes, the longer beginning first, every failure last; else as in the document. */
function mostSpecificFirst(a: PlannedCatch, b: PlannedCatch): number {
  return specificity(b) - specificity(a) || a.slot - b.slot;
}

function specificity({ codes }: PlannedCatch): number {
  if (codes.length === 0) return -1;
  return Math.min(...codes.map((code) => (code.endsWith('*') ? code.length - 1 : Number.MAX_SAFE_INTEGER)));
}

function behind(
  from: readonly PlannedActivity[],
  activities: readonly PlannedActivity[],
  transitions: readonly PlannedTransition[],
): readonly boolean[] {
  const branch = activities.map(() => false);
  const ways = from.map(({ slot }) => slot);
  for (const slot of ways) branch[slot] = true;
  for (const at of ways)
    for (const outgoing of activities[at]!.outgoing) {
      const { to } = transitions[outgoing]!;
      if (!branch[to]) ways.push(to);
      branch[to] = true;
    }
  return branch;
}
