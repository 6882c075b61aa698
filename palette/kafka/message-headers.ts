import { isUtf8 } from 'node:buffer';
import { BytesValue } from '../../engine/formats/bytes-value.ts';
import { encodeBytes } from '../../engine/formats/record-format.ts';
import { KafkaError } from '../../engine/kafka/kafka-error.ts';
import type { RecordHeader } from '../../engine/kafka/received-record.ts';

/** A header as expressions see it in a list: text, bytes where they are no text, null where there is no value. */
export interface ListedHeader {
  readonly name: string;
  readonly value: string | BytesValue | null;
}

/** Under this key the short form remembers the headers that it was made of, with their order and duplicates. Not enumerable. */
const origin = Symbol('headers');

/** The short form: an object of values by name, the last one where a name is there twice. Passed on whole it loses nothing. */
export function headerObject(headers: readonly RecordHeader[]): Readonly<Record<string, unknown>> {
  const object: Record<string, unknown> = {};
  for (const { key, value } of headers) {
    // In an assignment `__proto__` would be the object's prototype.
    if (key === '__proto__')
      Object.defineProperty(object, key, { value: shown(value), enumerable: true, configurable: true, writable: true });
    else object[key] = shown(value);
  }
  Object.defineProperty(object, origin, { value: headers });
  return object;
}

/** The long form: every header in its order. */
export function listHeaders(headers: readonly RecordHeader[]): readonly ListedHeader[] {
  return headers.map(({ key, value }) => ({ name: key, value: shown(value) }));
}

function shown(value: Buffer | null): string | BytesValue | null {
  if (value === null) return null;
  return isUtf8(value) ? value.toString('utf8') : new BytesValue(value);
}

/** What is mapped to the headers of a record, in either form. Throws KAFKA_ENCODE_FAILED, naming the header. */
export function toHeaders(headers: unknown): readonly RecordHeader[] | undefined {
  if (headers === undefined || headers === null) return undefined;
  if (Array.isArray(headers)) return headers.map(toListed);
  if (typeof headers !== 'object')
    throw new KafkaError(
      'KAFKA_ENCODE_FAILED',
      `Headers: expected an object or a list of {"name", "value"}, found ${JSON.stringify(headers)}`,
    );
  const untouched = (headers as { [origin]?: readonly RecordHeader[] })[origin];
  return untouched ?? Object.entries(headers).map(([key, value]) => toHeader(key, value));
}

function toListed(item: unknown, index: number): RecordHeader {
  const { name, value } = (typeof item === 'object' && item !== null ? item : {}) as {
    name?: unknown;
    value?: unknown;
  };
  if (typeof name !== 'string')
    throw new KafkaError(
      'KAFKA_ENCODE_FAILED',
      `Headers: expected {"name": text, "value": ...} as item ${index}, found ${JSON.stringify(item)}`,
    );
  return toHeader(name, value);
}

function toHeader(key: string, value: unknown): RecordHeader {
  return { key, value: encodeBytes(value, 'auto', `Header ${key}`) };
}
