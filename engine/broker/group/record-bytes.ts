import { encodeInto } from '../../protocol/codec.ts';
import { Reader } from '../../protocol/reader.ts';
import type { MessageInput, MessageSchema } from '../../protocol/schema.ts';
import { Writer } from '../../protocol/writer.ts';
import type { UnknownRecord } from '../coordinator/state-machine.ts';

/** A message behind its int16 version: how the keys and values of `__consumer_offsets` lie there. */
export function withVersion<S extends MessageSchema>(
  version: number,
  schema: S,
  schemaVersion: number,
  value: MessageInput<S>,
): Buffer {
  const writer = new Writer();
  writer.int16(version);
  encodeInto(writer, schema, schemaVersion, value);
  return Buffer.concat(writer.finish());
}

/** A value's reader behind its version; unknown when the version is newer than the schema's. */
export function readValue(
  value: Buffer,
  { versions }: MessageSchema,
): { readonly reader: Reader; readonly version: number } | UnknownRecord {
  const reader = new Reader(value);
  const version = reader.int16();
  return version > versions.max ? { kind: 'unknown', part: 'value', version } : { reader, version };
}
