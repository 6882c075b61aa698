import { parentOf } from '../../engine/model/scopes.ts';
import { perProcess } from './behavior.ts';

/** A transition goes when one of its ends was moved into a scope or out of it, and the other one was not. */
export const wiresStayInTheirScope = perProcess((before, process) => {
  const hasMoved = (id: string) =>
    before !== undefined && before.activities[id]?.parent !== process.activities[id]?.parent;
  const alive = process.transitions.filter(
    ({ from, to }) => !(hasMoved(from) || hasMoved(to)) || parentOf(process, from) === parentOf(process, to),
  );
  return alive.length === process.transitions.length ? process : { ...process, transitions: alive };
});
