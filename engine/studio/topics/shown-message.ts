import type { Message } from '../contract.ts';
import { decode } from './decode.ts';
import type { RawMessage } from './topic-source.ts';

/** Bytes of a value in a list; `topics.message` gives it whole. */
export const previewBytesMax = 16 * 1024;
/** Bytes of a key or of a header's value. */
const keyBytesMax = 4 * 1024;
const headersMax = 100;

/** A message as the window gets it, with at most `valueBytesMax` bytes of its value. */
export function shownMessage(topic: string, raw: RawMessage, valueBytesMax: number): Message {
  const { partition, offset, timestampMs, key, value, headers } = raw;
  return {
    topic,
    partition,
    offset,
    timestampMs,
    key: decode(key, keyBytesMax),
    value: decode(value, valueBytesMax),
    headers: headers
      .slice(0, headersMax)
      .map((header) => ({ key: header.key, value: decode(header.value, keyBytesMax) })),
  };
}
