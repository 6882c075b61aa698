import { MillraceError } from '../../../engine/base/errors.ts';
import { BadRecord } from './text-fault.ts';

/**
 * Sorts records by a key: numbers by size, texts by code unit, records without a key last, ties in the order of the file.
 * Throws FILE_FORMAT when a key is neither, or when both kinds are mixed.
 */
export async function sortRecords(
  records: readonly unknown[],
  keyOf: (record: unknown) => unknown,
  file: string,
): Promise<readonly unknown[]> {
  const keyed: { readonly record: unknown; readonly key: number | string | undefined }[] = [];
  let kind: string | undefined;
  for (const [index, record] of records.entries()) {
    const key = record instanceof BadRecord ? undefined : ((await keyOf(record)) ?? undefined);
    if (key !== undefined && typeof key !== 'number' && typeof key !== 'string')
      throw new MillraceError(
        'FILE_FORMAT',
        `${file}: expected a number or a text to sort record ${index} by, but found ${JSON.stringify(key)}`,
      );
    if (key !== undefined && kind !== undefined && typeof key !== kind)
      throw new MillraceError(
        'FILE_FORMAT',
        `${file}: expected a ${kind} to sort record ${index} by, but found ${JSON.stringify(key)}`,
      );
    if (key !== undefined) kind = typeof key;
    keyed.push({ record, key });
  }
  return keyed.sort((a, b) => compare(a.key, b.key)).map(({ record }) => record);
}

function compare(a: number | string | undefined, b: number | string | undefined): number {
  if (a === b) return 0;
  if (a === undefined) return 1;
  if (b === undefined) return -1;
  return a < b ? -1 : 1;
}
