import type { Decoded, Message } from '../../../engine/studio/contract.ts';
import { prettyJsonText } from '../../kit/pretty-json.ts';

/** Times beyond this are no dates (ECMA-262, 21.4.1.1), ms before and after 1970. */
const dateMsMax = 8.64e15;

/**
 * The message as plain data for the clipboard. JSON stays text, so that no digit changes; a record without a time has none, and
 * one beyond the calendar its milliseconds.
 */
export function plainMessage({ topic, partition, offset, timestampMs, key, value, headers }: Message): unknown {
  return {
    topic,
    partition,
    offset,
    timestamp: timestampMs < 0 ? null : timestampMs > dateMsMax ? timestampMs : new Date(timestampMs).toISOString(),
    key: plain(key),
    value: plain(value),
    headers: headers.map((header) => ({ key: header.key, value: plain(header.value) })),
  };
}

function plain({ format, text }: Decoded): unknown {
  if (format === 'null') return null;
  if (format === 'bytes') return { base64: text };
  return format === 'json' ? prettyJsonText(text) : text;
}
