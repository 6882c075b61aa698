import type { Activity, ActivityId } from '../../engine/model/document.ts';
import { perProcess } from './behavior.ts';

/** Two activities of a process never have the same shown name: the one that the edit added or renamed gets a number. */
export const namesStayUnique = perProcess((before, process) => {
  const isTouched = (id: ActivityId) => before?.activities[id]?.name !== process.activities[id]?.name;
  const ids = Object.keys(process.activities);
  const touched = ids.filter(isTouched);
  if (touched.length === 0) return process;
  const taken = new Set(ids.filter((id) => !isTouched(id)).map((id) => process.activities[id]!.name));
  const renamed: Record<ActivityId, Activity> = {};
  for (const id of touched) {
    const activity = process.activities[id]!;
    const name = freeName(activity.name, taken);
    taken.add(name);
    if (name !== activity.name) renamed[id] = { ...activity, name };
  }
  return Object.keys(renamed).length === 0
    ? process
    : { ...process, activities: { ...process.activities, ...renamed } };
});

/** `wanted`, or `wanted 2`, `wanted 3` ... whichever is free first; a number that is there already counts on. */
export function freeName(wanted: string, taken: ReadonlySet<string>): string {
  if (!taken.has(wanted)) return wanted;
  const stem = wanted.replace(/ \d+$/, '');
  let number = 2;
  while (taken.has(`${stem} ${number}`)) number += 1;
  return `${stem} ${number}`;
}
