import { isUtf8 } from 'node:buffer';
import { MillraceError, messageOf } from '../base/errors.ts';
import { BytesValue } from './bytes-value.ts';
import { parseJsonBytes, stringifyJson } from './exact-json.ts';
import { isExactNumber } from './exact-number.ts';
import { jsonNull } from './json-null.ts';
import { keepSource, sourceOf } from './source-text.ts';

/** How the bytes of a key, a value or a header stand for data. */
export type RecordFormat = 'auto' | 'json' | 'text' | 'bytes';

/**
 * Bytes to data. `auto`: JSON when the bytes are a JSON object or list, else text when they are UTF-8, else a BytesValue; a number or
 * a quoted text that stands alone stays the text it is. `json`: any JSON; the text `null` is jsonNull. `text`: UTF-8. `bytes`: their
 * base64 as text. Null (a tombstone, no key) stays null. What encodeBytes makes of the result in the same format is the same bytes,
 * but for a lone number or text in the format `json`, whose data is the same. `what` names the field for errors. Throws
 * KAFKA_DECODE_FAILED when the bytes are not in the format asked for, or JSON of more than `jsonLevelsMax` levels.
 */
export function decodeBytes(bytes: Buffer | null, format: RecordFormat, what: string): unknown {
  if (bytes === null) return null;
  switch (format) {
    case 'auto':
      return decodeAny(bytes, what);
    case 'json':
      return decodeJson(bytes, what);
    case 'text':
      if (!isUtf8(bytes)) throw decodeFault(what, 'UTF-8 text', preview(bytes));
      return bytes.toString('utf8');
    case 'bytes':
      return bytes.toString('base64');
  }
}

function decodeAny(bytes: Buffer, what: string): unknown {
  if (!isUtf8(bytes)) return new BytesValue(bytes);
  if (beginsObjectOrList(bytes)) {
    try {
      return parse(bytes);
    } catch (cause) {
      // Looks like JSON and is not: text. What is JSON of too many levels would be read as something that it is not.
      if (cause instanceof RangeError) throw jsonFault(what, bytes, cause);
    }
  }
  return bytes.toString('utf8');
}

function decodeJson(bytes: Buffer, what: string): unknown {
  if (!isUtf8(bytes)) throw decodeFault(what, 'JSON in UTF-8', preview(bytes));
  try {
    const data = parse(bytes);
    return data === null ? jsonNull : data;
  } catch (cause) {
    throw jsonFault(what, bytes, cause);
  }
}

function jsonFault(what: string, bytes: Buffer, cause: unknown): MillraceError {
  if (cause instanceof RangeError)
    return new MillraceError('KAFKA_DECODE_FAILED', `${what}: ${cause.message}`, { cause });
  return decodeFault(what, 'JSON', preview(bytes), cause);
}

/** Remembers the bytes of an object or list, so that they leave as they came when nobody touches it. */
function parse(bytes: Buffer): unknown {
  const json = hasMark(bytes) ? bytes.subarray(mark.length) : bytes;
  const data = parseJsonBytes(json, json.toString('utf8'));
  if (typeof data === 'object' && data !== null && !isExactNumber(data)) keepSource(data, bytes);
  return data;
}

/** The byte order mark that some programs put in front of UTF-8. */
const mark = [0xef, 0xbb, 0xbf] as const;

function hasMark(bytes: Buffer): boolean {
  return bytes[0] === mark[0] && bytes[1] === mark[1] && bytes[2] === mark[2];
}

function beginsObjectOrList(bytes: Buffer): boolean {
  let at = hasMark(bytes) ? mark.length : 0;
  let byte = bytes[at];
  while (byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09) byte = bytes[++at];
  return byte === 0x7b || byte === 0x5b;
}

function preview(bytes: Buffer): string {
  const shown = bytes.subarray(0, 40);
  const text = isUtf8(shown) ? JSON.stringify(shown.toString('utf8')) : `bytes ${shown.toString('hex')}`;
  return shown.length < bytes.length ? `${text}... (${bytes.length} bytes)` : text;
}

function decodeFault(what: string, expected: string, found: string, cause?: unknown): MillraceError {
  return new MillraceError('KAFKA_DECODE_FAILED', `${what}: expected ${expected}, found ${found}`, { cause });
}

/**
 * Data to bytes. `auto`: text and bytes as they are, anything else as JSON. Null is no bytes at all (a tombstone), and so is a missing
 * value (undefined); jsonNull is the text `null`. `what` names the field for errors. Throws KAFKA_ENCODE_FAILED when the data does not
 * fit the format.
 */
export function encodeBytes(data: unknown, format: RecordFormat, what: string): Buffer | null {
  if (data === null || data === undefined) return null;
  if (format === 'bytes') return encodeBase64(data, what);
  if (typeof data === 'string' && format !== 'json') return Buffer.from(data, 'utf8');
  const bytes = format === 'auto' ? bytesOf(data) : undefined;
  if (bytes) return bytes;
  if (format === 'text') return encodeText(data, what);
  return encodeJson(data, what);
}

function encodeBase64(data: unknown, what: string): Buffer {
  const bytes = bytesOf(data);
  if (bytes) return bytes;
  if (typeof data !== 'string' || !isBase64(data)) throw encodeFault(what, 'base64 text', data);
  return Buffer.from(data, 'base64');
}

function encodeText(data: unknown, what: string): Buffer {
  if (isExactNumber(data)) return Buffer.from(data.text, 'utf8');
  if (typeof data === 'object' || typeof data === 'function')
    throw encodeFault(what, 'text, a number or true/false', data);
  if (typeof data === 'number') refuseInfinite(data, what);
  return Buffer.from(String(data), 'utf8');
}

function encodeJson(data: unknown, what: string): Buffer {
  if (typeof data === 'number') refuseInfinite(data, what);
  if (typeof data === 'function') throw encodeFault(what, 'data that JSON can hold', data);
  const source = typeof data === 'object' ? sourceOf(data as object) : undefined;
  if (source) return bufferOf(source);
  let json: string | undefined;
  try {
    json = stringifyJson(data);
  } catch (cause) {
    const found = cause instanceof RangeError ? 'more levels inside each other than can be written' : messageOf(cause);
    throw new MillraceError('KAFKA_ENCODE_FAILED', `${what}: expected data that JSON can hold, found ${found}`, {
      cause,
    });
  }
  if (json === undefined) throw encodeFault(what, 'data that JSON can hold', data);
  return Buffer.from(json, 'utf8');
}

function refuseInfinite(data: number, what: string): void {
  if (!Number.isFinite(data))
    throw new MillraceError('KAFKA_ENCODE_FAILED', `${what}: expected a finite number, found ${data}`);
}

function bytesOf(data: unknown): Buffer | undefined {
  if (data instanceof BytesValue) return bufferOf(data.bytes);
  return data instanceof Uint8Array ? bufferOf(data) : undefined;
}

function bufferOf(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

function isBase64(text: string): boolean {
  return text.length % 4 === 0 && /^[A-Za-z0-9+/]*={0,2}$/.test(text);
}

function encodeFault(what: string, expected: string, found: unknown): MillraceError {
  return new MillraceError('KAFKA_ENCODE_FAILED', `${what}: expected ${expected}, found ${kindOf(found)}`);
}

function kindOf(found: unknown): string {
  if (typeof found === 'function') return 'a function';
  if (Array.isArray(found)) return 'an array';
  if (found === jsonNull) return 'null';
  if (found instanceof BytesValue) return 'bytes';
  return typeof found === 'object' ? 'an object' : `the ${typeof found} ${String(found).slice(0, 40)}`;
}
