/** Parts of a request, by whether who asks has the right to them. */
export interface SplitByRight<T> {
  readonly allowed: T[];
  readonly refused: T[];
}

export function splitByRight<T>(rows: readonly T[], may: (row: T) => boolean): SplitByRight<T> {
  const allowed: T[] = [];
  const refused: T[] = [];
  for (const row of rows) (may(row) ? allowed : refused).push(row);
  return { allowed, refused };
}
