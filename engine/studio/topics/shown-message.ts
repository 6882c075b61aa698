import type { Message } from '../contract.ts';
import { decode } from './decode.ts';
import type { RawMessage } from './topic-source.ts';

/** How much of a message is shown, in bytes. What is left out is told: `truncated` of each part, and `headerCount`. */
export interface ShownBounds {
  readonly valueBytesMax: number;
  readonly keyBytesMax: number;
  /** Of one header's value. */
  readonly headerBytesMax: number;
  /** Of all headers together, names included; those behind are left out. */
  readonly headersBytesMax: number;
}

/** A message in a list: enough for a look; `topics.message` gives it whole. */
export const previewBounds: ShownBounds = {
  valueBytesMax: 16 * 1024,
  keyBytesMax: 4 * 1024,
  headerBytesMax: 4 * 1024,
  headersBytesMax: 16 * 1024,
};

const wholePartBytesMax = 8 * 1024 * 1024;

/** One message, as much of it as a window can hold; `topics.bytes` gives every byte. */
export const wholeBounds: ShownBounds = {
  valueBytesMax: wholePartBytesMax,
  keyBytesMax: wholePartBytesMax,
  headerBytesMax: wholePartBytesMax,
  headersBytesMax: wholePartBytesMax,
};

/** Bytes of all messages of a page together: many messages mean shorter previews. */
const pageBytesMax = 16 * 1024 * 1024;

/** The bounds of each message in a page of `limit`. */
export function previewBoundsFor(limit: number): ShownBounds {
  const share = Math.floor(pageBytesMax / limit / 2);
  return {
    valueBytesMax: Math.min(previewBounds.valueBytesMax, share),
    keyBytesMax: Math.min(previewBounds.keyBytesMax, share),
    headerBytesMax: Math.min(previewBounds.headerBytesMax, share),
    headersBytesMax: Math.min(previewBounds.headersBytesMax, share),
  };
}

/** A message as the window gets it. */
export function shownMessage(topic: string, raw: RawMessage, bounds: ShownBounds): Message {
  const { partition, offset, timestampMs, key, value, headers } = raw;
  return {
    topic,
    partition,
    offset,
    timestampMs,
    key: decode(key, bounds.keyBytesMax),
    value: decode(value, bounds.valueBytesMax),
    headers: shownHeaders(headers, bounds),
    headerCount: headers.length,
  };
}

function shownHeaders(headers: RawMessage['headers'], bounds: ShownBounds): Message['headers'] {
  const shown: Message['headers'] = [];
  let left = bounds.headersBytesMax;
  for (const { key, value } of headers) {
    left -= Buffer.byteLength(key) + 1;
    if (left < 0) break;
    const bytesMax = Math.min(bounds.headerBytesMax, left);
    shown.push({ key, value: decode(value, bytesMax) });
    left -= Math.min(bytesMax, value?.length ?? 0);
  }
  return shown;
}
