import type { BatchInput } from '../record-batch.ts';
import { encodeBatch } from '../record-batch.ts';

/** When the batches of tests were made. */
export const testNowMs = 1_700_000_000_000;

/** A batch with these record values, timestamped `testNowMs` unless `more` says otherwise. */
export function batchOf(values: readonly string[], more: Partial<BatchInput> = {}): Buffer {
  const records = values.map((value) => ({ key: null, value: Buffer.from(value) }));
  return encodeBatch({ records, baseTimestamp: testNowMs, ...more });
}
