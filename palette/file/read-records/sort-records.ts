import { MillraceError } from '../../../engine/base/errors.ts';
import { compareDecimals } from '../../../engine/formats/decimal.ts';
import type { AnyNumber } from '../../../engine/formats/exact-number.ts';
import { decimalOf, isExactNumber } from '../../../engine/formats/exact-number.ts';
import { BadRecord } from './text-fault.ts';

type Key = AnyNumber | string;

/**
 * Sorts records by a key: numbers by size, texts by code unit, records without a key last, ties in the order of the file.
 * Throws FILE_FORMAT when a key is neither, or when both kinds are mixed.
 */
export async function sortRecords(
  records: readonly unknown[],
  keyOf: (record: unknown) => unknown,
  file: string,
): Promise<readonly unknown[]> {
  const keyed: { readonly record: unknown; readonly key: Key | undefined }[] = [];
  let kind: string | undefined;
  for (const [index, record] of records.entries()) {
    const key = record instanceof BadRecord ? undefined : ((await keyOf(record)) ?? undefined);
    if (key !== undefined && !isKey(key))
      throw new MillraceError(
        'FILE_FORMAT',
        `${file}: expected a number or a text to sort record ${index} by, but found ${JSON.stringify(key)}`,
      );
    if (key !== undefined && kind !== undefined && kindOf(key) !== kind)
      throw new MillraceError(
        'FILE_FORMAT',
        `${file}: expected a ${kind} to sort record ${index} by, but found ${JSON.stringify(key)}`,
      );
    if (key !== undefined) kind = kindOf(key);
    keyed.push({ record, key });
  }
  return keyed.sort((a, b) => compare(a.key, b.key)).map(({ record }) => record);
}

function isKey(key: unknown): key is Key {
  return typeof key === 'number' || typeof key === 'string' || isExactNumber(key);
}

function kindOf(key: Key): 'number' | 'string' {
  return typeof key === 'string' ? 'string' : 'number';
}

/** The keys are of one kind. */
function compare(a: Key | undefined, b: Key | undefined): number {
  if (a === b) return 0;
  if (a === undefined) return 1;
  if (b === undefined) return -1;
  if (isExactNumber(a) || isExactNumber(b))
    return compareDecimals(decimalOf(a as AnyNumber), decimalOf(b as AnyNumber));
  return a < b ? -1 : 1;
}
