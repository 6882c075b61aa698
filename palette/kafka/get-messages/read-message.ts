import { MillraceError } from '../../../engine/base/errors.ts';
import type { RecordFormat } from '../../../engine/formats/record-format.ts';
import { decodeBytes } from '../../../engine/formats/record-format.ts';
import type { ReceivedRecord } from '../../../engine/kafka/received-record.ts';
import { headerObject } from '../message-headers.ts';

/** Decoded at once: whoever reads messages in a job wants to look at them. */
export function messageOf(
  record: ReceivedRecord,
  { keyFormat, valueFormat }: { readonly keyFormat: RecordFormat; readonly valueFormat: RecordFormat },
) {
  const { topic, partition, offset, timestampMs, key, value, headers } = record;
  try {
    return {
      ...{ topic, partition, offset, timestamp: timestampMs < 0 ? null : timestampMs },
      key: decodeBytes(key, keyFormat, 'Key'),
      value: decodeBytes(value, valueFormat, 'Value'),
      headers: headerObject(headers),
    };
  } catch (thrown) {
    if (!(thrown instanceof MillraceError)) throw thrown;
    const message = `${topic}[${partition}] @ ${offset}: ${thrown.message}`;
    throw new MillraceError(thrown.code, message, { cause: thrown, details: { record: { topic, partition, offset } } });
  }
}
