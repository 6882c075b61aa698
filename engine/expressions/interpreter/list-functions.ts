import { isExactNumber } from '../../formats/exact-number.ts';
import { compareNumbers } from '../values/exact-arithmetic.ts';
import { createSequence, isSequence } from '../values/sequence.ts';
import { isDeepEqual } from '../values/values.ts';

/** `$distinct`: JSONata's compares every item with every other one; texts and plain numbers are looked up instead. */
export function distinct(list: unknown): unknown {
  if (!Array.isArray(list) || list.length <= 1) return list;
  const found: unknown[] = isSequence(list) ? createSequence() : [];
  const plain = new Set<unknown>();
  const others: unknown[] = [];
  for (const item of list as readonly unknown[]) {
    if (isPlain(item)) {
      if (plain.has(item)) continue;
      plain.add(item);
    } else {
      if (others.some((other) => isDeepEqual(other, item))) continue;
      others.push(item);
    }
    found.push(item);
  }
  return found;
}

/** A value that is equal only to itself. A large number may be equal to one that a double cannot hold. */
function isPlain(item: unknown): boolean {
  return typeof item === 'number' ? Number.isSafeInteger(item) || !Number.isInteger(item) : typeof item !== 'object';
}

type Comparator = (left: unknown, right: unknown) => unknown;

/** `$sort`: also numbers that a double cannot hold, and in n log n steps whatever the comparator. */
export async function sort(list: readonly unknown[] | undefined, swaps?: Comparator): Promise<unknown> {
  if (list === undefined || list.length <= 1) return list;
  if (swaps) return mergeSort(list, swaps);
  if (list.every((item) => typeof item === 'string')) return list.toSorted((a, b) => (a < b ? -1 : a > b ? 1 : 0));
  if (list.every((item) => typeof item === 'number' || isExactNumber(item))) return list.toSorted(compareNumbers);
  throw { code: 'D3070', index: 1 };
}

/** Stable; `swaps` says whether its second argument comes first, now or later. */
async function mergeSort(list: readonly unknown[], swaps: Comparator): Promise<readonly unknown[]> {
  const middle = Math.floor(list.length / 2);
  if (middle === 0) return list;
  const left = await mergeSort(list.slice(0, middle), swaps);
  const right = await mergeSort(list.slice(middle), swaps);
  const merged: unknown[] = [];
  let [l, r] = [0, 0];
  while (l < left.length && r < right.length) merged.push((await swaps(left[l], right[r])) ? right[r++] : left[l++]);
  return merged.concat(left.slice(l), right.slice(r));
}
