import { isUtf8 } from 'node:buffer';
import { parseText } from '../formats/parse-text.ts';
import type { OutgoingRecord } from '../kafka/producer-settings.ts';
import type { ReceivedRecord, RecordHeader } from '../kafka/received-record.ts';
import { fieldsOf } from './json-fields.ts';

/**
 * One record as one line of JSON, the form that `receive --json` prints and `send --records` takes; each is the inverse of the
 * other, to the byte. JSON stands in it as the very text of the record, other text as a JSON string, null for no key or a
 * tombstone; bytes that are no UTF-8 stand in `keyBase64` and `valueBase64`. Headers are a list of `[name, value]`, the value a
 * string, null, or `{"base64": ...}`.
 */
export function recordLine({ topic, partition, offset, timestampMs, key, value, headers }: ReceivedRecord): string {
  const listed = headers.map((header) => `[${JSON.stringify(header.key)},${headerText(header.value)}]`).join(',');
  return `{"topic":${JSON.stringify(topic)},"partition":${partition},"offset":${offset},"timestamp":${timestampMs},${bytesField('key', key)},${bytesField('value', value)},"headers":[${listed}]}`;
}

function bytesField(name: 'key' | 'value', bytes: Buffer | null): string {
  if (bytes === null) return `"${name}":null`;
  if (!isUtf8(bytes)) return `"${name}Base64":"${bytes.toString('base64')}"`;
  const text = bytes.toString('utf8');
  return `"${name}":${isOneJsonValue(text) ? text : JSON.stringify(text)}`;
}

function headerText(bytes: Buffer | null): string {
  if (bytes === null) return 'null';
  return isUtf8(bytes) ? JSON.stringify(bytes.toString('utf8')) : `{"base64":"${bytes.toString('base64')}"}`;
}

/** Whether a text can stand in a line as it is, and comes out again: JSON that is no string, not null, and has no line breaks or blanks around it. */
function isOneJsonValue(text: string): boolean {
  if (!/^[{[\-0-9tf]/.test(text) || /[\r\n]/.test(text) || /\s$/.test(text)) return false;
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** What a line says of a record. */
export type LineRecord = Omit<OutgoingRecord, 'topic'>;

/** Fields of a line; `topic` and `offset` say where it came from, not where it goes. */
const known = new Set([
  'topic',
  'offset',
  'partition',
  'timestamp',
  'key',
  'keyBase64',
  'value',
  'valueBase64',
  'headers',
]);

/** Reads a line back. Throws an Error that says what was expected: a field that is not known is refused, not dropped. */
export function parseRecordLine(line: string): LineRecord {
  const fields = fieldsOf(line);
  const unknown = [...fields.keys()].find((name) => !known.has(name));
  if (unknown !== undefined)
    throw new Error(`expected the fields ${[...known].join(', ')}, found ${JSON.stringify(unknown)}`);
  if (!fields.has('value') && !fields.has('valueBase64'))
    throw new Error('expected a field value, null for a tombstone, found none');
  return {
    key: bytesOf(fields, 'key'),
    value: bytesOf(fields, 'value'),
    headers: headersOf(fields.get('headers')),
    partition: wholeNumber(fields, 'partition', 0, 2_147_483_647),
    timestampMs: wholeNumber(fields, 'timestamp', -1, Number.MAX_SAFE_INTEGER),
  };
}

function bytesOf(fields: ReadonlyMap<string, string>, name: 'key' | 'value'): Buffer | null {
  const base64 = fields.get(`${name}Base64`);
  const text = fields.get(name);
  if (base64 !== undefined && text !== undefined) throw new Error(`expected ${name} or ${name}Base64, found both`);
  if (base64 !== undefined) return fromBase64(JSON.parse(base64), `${name}Base64`);
  return text === undefined ? null : fromJsonText(text);
}

/** A string is text, null is nothing, anything else is its JSON text as it stands in the line. */
function fromJsonText(text: string): Buffer | null {
  if (text === 'null') return null;
  return Buffer.from(text.startsWith('"') ? String(JSON.parse(text)) : text, 'utf8');
}

function fromBase64(value: unknown, what: string): Buffer {
  if (typeof value === 'string' && value.length % 4 === 0 && /^[A-Za-z0-9+/]*={0,2}$/.test(value))
    return Buffer.from(value, 'base64');
  throw new Error(`${what}: expected base64, found ${JSON.stringify(value)?.slice(0, 60)}`);
}

/** A list of pairs, or an object of names and values, which is shorter to write. */
function headersOf(text: string | undefined): RecordHeader[] {
  if (text === undefined || text === 'null') return [];
  const given = parseText(text);
  if (typeof given !== 'object' || given === null)
    throw new Error(`headers: expected [[name, value], ...], found ${text}`);
  const pairs: readonly unknown[] = Array.isArray(given) ? given : Object.entries(given);
  return pairs.map((pair) => {
    if (!Array.isArray(pair) || pair.length !== 2 || typeof pair[0] !== 'string')
      throw new Error(`headers: expected [name, value], found ${JSON.stringify(pair)}`);
    return { key: pair[0], value: headerBytes(pair[1]) };
  });
}

function headerBytes(value: unknown): Buffer | null {
  if (value === null) return null;
  if (typeof value === 'string') return Buffer.from(value, 'utf8');
  const base64 = typeof value === 'object' ? (value as { base64?: unknown }).base64 : undefined;
  if (base64 !== undefined) return fromBase64(base64, 'headers');
  throw new Error(`headers: expected a string, null or {"base64": ...}, found ${JSON.stringify(value)}`);
}

function wholeNumber(fields: ReadonlyMap<string, string>, name: string, min: number, max: number): number | undefined {
  const text = fields.get(name);
  if (text === undefined || text === 'null') return undefined;
  const number = Number(text);
  if (/^-?\d+$/.test(text) && Number.isSafeInteger(number) && number >= min && number <= max) return number;
  throw new Error(`${name}: expected a whole number from ${min} to ${max}, found ${text.slice(0, 60)}`);
}
