import type { Activity, ActivityId, Process, Transition } from '../../engine/model/document.ts';
import { ancestorsOf } from '../../engine/model/scopes.ts';
import { changePaths, pathFrom } from '../edits/scope-expressions.ts';
import { perProcess } from './behavior.ts';

/** Expressions go on reading what was moved into a scope or out of one: through the scope, or no longer through it. */
export const expressionsFollowScopes = perProcess((before, process) => {
  if (before === undefined) return process;
  const standsIn = (one: Process, id: ActivityId) => ancestorsOf(one, id).join();
  const known = Object.keys(process.activities).filter((id) => id in before.activities);
  const moved = new Set(known.filter((id) => standsIn(before, id) !== standsIn(process, id)));
  if (moved.size === 0) return process;
  const reread = (text: string, was: ActivityId, is: ActivityId) =>
    changePaths(text, (path) => {
      const id = path.at(-1)!;
      const isIt = (moved.has(id) || moved.has(is)) && id in process.activities && id in before.activities;
      return isIt && pathFrom(before, was, id).join('.') === path.join('.') ? pathFrom(process, is, id) : undefined;
    });
  const mapped = (activity: Activity): Activity => {
    const input = Object.entries(activity.input).map(
      ([field, text]) => [field, reread(text, activity.id, activity.id)] as const,
    );
    return { ...activity, input: Object.fromEntries(input) };
  };
  const wires = new Map(before.transitions.map((wire) => [wire.id, wire]));
  const conditioned = (wire: Transition): Transition =>
    wire.condition === undefined
      ? wire
      : { ...wire, condition: reread(wire.condition, wires.get(wire.id)?.from ?? wire.from, wire.from) };
  return {
    ...process,
    activities: Object.fromEntries(
      Object.entries(process.activities).map(([id, activity]) => [
        id,
        id in before.activities ? mapped(activity) : activity,
      ]),
    ),
    transitions: process.transitions.map(conditioned),
  };
});
