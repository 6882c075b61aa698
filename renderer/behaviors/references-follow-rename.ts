import type { Activity, ActivityId, Process, Transition } from '../../engine/model/document.ts';
import { perProcess } from './behavior.ts';
import { renameInExpression } from './rename-in-expression.ts';

/**
 * When an activity gets another id, its wires, its place and every expression that reads its output follow. A rename is
 * seen by the config object, which the activity keeps.
 */
export const referencesFollowRename = perProcess((before, process) => {
  if (before === undefined) return process;
  return findRenames(before, process).reduce((current, [from, to]) => follow(current, from, to), process);
});

function findRenames(before: Process, after: Process): [ActivityId, ActivityId][] {
  if (before.activities === after.activities) return [];
  const added = Object.values(after.activities).filter((activity) => !(activity.id in before.activities));
  if (added.length === 0) return [];
  const gone = Object.values(before.activities).filter((activity) => !(activity.id in after.activities));
  return gone.flatMap((old) => {
    const renamed = added.find((activity) => activity.config === old.config && activity.type === old.type);
    return renamed === undefined ? [] : [[old.id, renamed.id] as [ActivityId, ActivityId]];
  });
}

function follow(process: Process, from: ActivityId, to: ActivityId): Process {
  const activities = Object.fromEntries(
    Object.entries(process.activities).map(([id, activity]) => [id, renameInInput(activity, from, to)]),
  );
  const transitions = process.transitions.map((transition) => renameInTransition(transition, from, to));
  const { [from]: place, ...positions } = process.layout.positions;
  const layout = place === undefined ? process.layout : { ...process.layout, positions: { ...positions, [to]: place } };
  return { ...process, activities, transitions, layout };
}

function renameInInput(activity: Activity, from: ActivityId, to: ActivityId): Activity {
  const entries = Object.entries(activity.input);
  const renamed = entries.map(([field, text]) => [field, renameInExpression(text, from, to)] as const);
  return renamed.every(([, text], index) => text === entries[index]?.[1])
    ? activity
    : { ...activity, input: Object.fromEntries(renamed) };
}

function renameInTransition(transition: Transition, from: ActivityId, to: ActivityId): Transition {
  const { condition } = transition;
  const renamedCondition = condition === undefined ? undefined : renameInExpression(condition, from, to);
  const isTouched = transition.from === from || transition.to === from || renamedCondition !== condition;
  if (!isTouched) return transition;
  return {
    ...transition,
    from: transition.from === from ? to : transition.from,
    to: transition.to === from ? to : transition.to,
    ...(renamedCondition === undefined ? {} : { condition: renamedCondition }),
  };
}
