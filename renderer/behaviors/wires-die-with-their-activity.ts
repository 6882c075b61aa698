import { perProcess } from './behavior.ts';

/** A transition goes when the activity at one of its ends is gone. */
export const wiresDieWithTheirActivity = perProcess((_before, process) => {
  const { activities } = process;
  const alive = process.transitions.filter(({ from, to }) => from in activities && to in activities);
  return alive.length === process.transitions.length ? process : { ...process, transitions: alive };
});
