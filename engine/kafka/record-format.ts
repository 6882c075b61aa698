import { isUtf8 } from 'node:buffer';
import { KafkaError } from './kafka-error.ts';

/** How the bytes of a key or value stand for data. */
export type RecordFormat = 'auto' | 'json' | 'text' | 'bytes';

/**
 * Bytes to data. `auto`: JSON when the bytes are JSON, else text when they are UTF-8, else base64. Null (a tombstone, no key)
 * stays null. Throws KAFKA_DECODE_FAILED when the bytes are not in the format asked for.
 */
export function decodeBytes(bytes: Buffer | null, format: RecordFormat): unknown {
  if (bytes === null) return null;
  switch (format) {
    case 'auto':
      return decodeAny(bytes);
    case 'json':
      try {
        return JSON.parse(bytes.toString('utf8'));
      } catch (cause) {
        throw new KafkaError('KAFKA_DECODE_FAILED', `expected JSON, found ${preview(bytes)}`, { cause });
      }
    case 'text':
      if (!isUtf8(bytes)) throw new KafkaError('KAFKA_DECODE_FAILED', `expected UTF-8 text, found ${preview(bytes)}`);
      return bytes.toString('utf8');
    case 'bytes':
      return bytes.toString('base64');
  }
}

function decodeAny(bytes: Buffer): unknown {
  if (mayBeJson(bytes)) {
    try {
      return JSON.parse(bytes.toString('utf8'));
    } catch {
      // Looks like JSON and is not: text.
    }
  }
  return isUtf8(bytes) ? bytes.toString('utf8') : bytes.toString('base64');
}

/** First bytes with which a JSON text can begin: whitespace, `{ [ " - 0-9 t f n`. */
const jsonStarts = new Set(Buffer.from('\t\n\r {["-0123456789tfn'));

function mayBeJson(bytes: Buffer): boolean {
  return bytes.length > 0 && jsonStarts.has(bytes[0]!);
}

function preview(bytes: Buffer): string {
  const shown = bytes.subarray(0, 40);
  const text = isUtf8(shown) ? JSON.stringify(shown.toString('utf8')) : `bytes ${shown.toString('hex')}`;
  return shown.length < bytes.length ? `${text}... (${bytes.length} bytes)` : text;
}

/**
 * Data to bytes. `auto`: text as it is, anything else as JSON. Null stays null; a missing value (undefined) too. Throws
 * KAFKA_ENCODE_FAILED when the data does not fit the format.
 */
export function encodeBytes(data: unknown, format: RecordFormat, what: string): Buffer | null {
  if (data === null || data === undefined) return null;
  const text = typeof data === 'string' ? data : undefined;
  if (format === 'bytes') {
    if (data instanceof Uint8Array) return Buffer.from(data.buffer, data.byteOffset, data.byteLength);
    if (text === undefined || !isBase64(text)) throw encodeFault(what, 'base64 text', data);
    return Buffer.from(text, 'base64');
  }
  if (text !== undefined && format !== 'json') return Buffer.from(text, 'utf8');
  if (format === 'text') {
    if (typeof data === 'object') throw encodeFault(what, 'text, a number or true/false', data);
    return Buffer.from(String(data), 'utf8');
  }
  const json = JSON.stringify(data);
  if (json === undefined) throw encodeFault(what, 'data that JSON can hold', data);
  return Buffer.from(json, 'utf8');
}

function isBase64(text: string): boolean {
  return text.length % 4 === 0 && /^[A-Za-z0-9+/]*={0,2}$/.test(text);
}

function encodeFault(what: string, expected: string, found: unknown): KafkaError {
  const kind = Array.isArray(found)
    ? 'an array'
    : typeof found === 'object'
      ? 'an object'
      : `the ${typeof found} ${String(found).slice(0, 40)}`;
  return new KafkaError('KAFKA_ENCODE_FAILED', `${what}: expected ${expected}, found ${kind}`);
}
