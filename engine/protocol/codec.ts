import { compileStructReader } from './compile-reader.ts';
import { compileStructWriter } from './compile-writer.ts';
import type { CompiledCodec } from './compiled-codec.ts';
import { DecodeError } from './decode-error.ts';
import { EncodeError, locateEncode } from './encode-error.ts';
import { Reader } from './reader.ts';
import type { Fields, MessageInput, MessageOf, MessageSchema } from './schema.ts';
import { inVersions } from './versions.ts';
import { Writer } from './writer.ts';

/** The codec of a schema at a version, compiled at its first use; undefined where the schema has no such version. */
function codecOf(schema: MessageSchema, version: number): CompiledCodec | undefined {
  const known = schema.compiled[version];
  if (known !== undefined) return known;
  if (!Number.isInteger(version) || !inVersions(schema.versions, version)) return undefined;
  const flexible = inVersions(schema.flexible, version);
  const fields: Fields = schema.fields;
  const codec: CompiledCodec = {
    read: compileStructReader(fields, version, flexible),
    write: compileStructWriter(fields, version, flexible),
  };
  schema.compiled[version] = codec;
  return codec;
}

function unsupported(schema: MessageSchema, version: number): string {
  return `expected a version of ${schema.name} from ${schema.versions.min} to ${schema.versions.max}, found ${version}`;
}

/**
 * Appends a message to a writer. A field that the version lacks is not written, whatever its value: Kafka's
 * "ignorable" distinction is left to the caller.
 * @throws EncodeError when the value does not fit the schema at this version (a bug of the caller)
 */
export function encodeInto<S extends MessageSchema>(
  writer: Writer,
  schema: S,
  version: number,
  value: MessageInput<S>,
): void {
  const codec = codecOf(schema, version);
  if (codec === undefined) throw new EncodeError(unsupported(schema, version));
  try {
    codec.write(writer, value);
  } catch (error) {
    throw locateEncode(error, `${schema.name} v${version}`);
  }
}

/**
 * Encodes a message into chunks, to be sent in order. Byte fields above `copiedBytesMax` are in the list uncopied.
 * Fields left out take their default; see `encodeInto` for fields that the version lacks.
 * @throws EncodeError
 */
export function encode<S extends MessageSchema>(schema: S, version: number, value: MessageInput<S>): Buffer[] {
  const writer = new Writer();
  encodeInto(writer, schema, version, value);
  return writer.finish();
}

/** `encode` into one buffer, for small messages such as metadata records and group state. */
export function encodeToBuffer<S extends MessageSchema>(schema: S, version: number, value: MessageInput<S>): Buffer {
  const chunks = encode(schema, version, value);
  return chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks);
}

/**
 * Decodes the message at the reader and leaves the reader behind it.
 * @throws DecodeError
 */
export function decodeFrom<S extends MessageSchema>(reader: Reader, schema: S, version: number): MessageOf<S> {
  const codec = codecOf(schema, version);
  if (codec === undefined) throw reader.fail('UNSUPPORTED_VERSION', unsupported(schema, version));
  try {
    return codec.read(reader) as MessageOf<S>;
  } catch (error) {
    throw error instanceof DecodeError ? error.inMessage(`${schema.name} v${version}`) : error;
  }
}

/**
 * Decodes a message that starts at `offset`. Absent fields get their default, unknown tagged fields are skipped, byte
 * fields are subarrays of `buffer`. Bytes after the message are not looked at, as in Kafka.
 * @throws DecodeError for every input that is not such a message
 */
export function decode<S extends MessageSchema>(schema: S, version: number, buffer: Buffer, offset = 0): MessageOf<S> {
  return decodeFrom(new Reader(buffer, offset), schema, version);
}
