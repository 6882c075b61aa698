import { activityIdPattern, reservedActivityIds } from '../../engine/model/document.ts';

/** `wanted`, or `wanted2`, `wanted3` ... whichever `isTaken` leaves free first. */
export function freeId(wanted: string, isTaken: (id: string) => boolean): string {
  if (!isTaken(wanted)) return wanted;
  const stem = wanted.replace(/\d+$/, '');
  let number = 2;
  while (isTaken(`${stem}${number}`)) number += 1;
  return `${stem}${number}`;
}

/** An activity id that is free in a process: an identifier, and none of the names that the job's data uses. */
export function freeActivityId(wanted: string, activities: Readonly<Record<string, unknown>>): string {
  const cleaned = wanted.replace(/[^A-Za-z0-9_]+/g, '_');
  const identifier = activityIdPattern.test(cleaned) ? cleaned : `_${cleaned}`;
  return freeId(identifier, (id) => id in activities || reservedActivityIds.includes(id));
}

/** A file id made from a name: lower case, words joined by dashes. */
export function fileIdFrom(name: string, isTaken: (id: string) => boolean): string {
  const cleaned = name
    .toLowerCase()
    .replace(/[^a-z0-9_]+/g, '-')
    .replace(/^-+|-+$/g, '');
  return freeId(cleaned === '' ? 'unnamed' : cleaned, isTaken);
}
