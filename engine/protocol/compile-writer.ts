import type { Write } from './compiled-codec.ts';
import { EncodeError, locateEncode } from './encode-error.ts';
import { defaultOf, isDefaultTest, structFields } from './field-defaults.ts';
import type { Int64 } from './int64.ts';
import { fixedSize } from './min-size.ts';
import type { Element, Field, Fields, ScalarKind } from './schema.ts';
import { inVersions } from './versions.ts';
import { Writer } from './writer.ts';

type Struct = Readonly<Record<string, unknown>>;

const fixedWrites: { readonly [K in ScalarKind]?: Write } = {
  bool: (writer, value) => writer.bool(value as boolean),
  int8: (writer, value) => writer.int8(value as number),
  int16: (writer, value) => writer.int16(value as number),
  uint16: (writer, value) => writer.uint16(value as number),
  int32: (writer, value) => writer.int32(value as number),
  uint32: (writer, value) => writer.uint32(value as number),
  int64: (writer, value) => writer.int64(value as number),
  int64Clamped: (writer, value) => writer.int64Wide(value as Int64),
  int64Wide: (writer, value) => writer.int64Wide(value as Int64),
  float64: (writer, value) => writer.float64(value as number),
  uuid: (writer, value) => writer.uuid(value as string),
};

/** Writes the length or count: unsigned varint of length+1 (compact) or int32; -1 is null. */
function writeLength(writer: Writer, length: number, compact: boolean): void {
  if (compact) writer.uvarint(length + 1);
  else writer.int32(length);
}

function stringWrite(compact: boolean): Write {
  if (compact) return (writer, value) => writer.compactString(value as string);
  return (writer, value) => writer.string(value as string);
}

function bytesWrite(compact: boolean): Write {
  return (writer, value) => {
    if (Array.isArray(value)) {
      writeGathered(writer, value as readonly Buffer[], compact);
      return;
    }
    if (compact) writer.compactBytes(value as Buffer);
    else writer.bytes(value as Buffer);
  };
}

/** Records that lie in several buffers go out as one field, none of them joined. */
function writeGathered(writer: Writer, parts: readonly Buffer[], compact: boolean): void {
  let length = 0;
  for (const part of parts) length += part.length;
  writeLength(writer, length, compact);
  for (const part of parts) writer.raw(part);
}

function scalarWrite(kind: ScalarKind, compact: boolean): Write {
  const fixed = fixedWrites[kind];
  if (fixed !== undefined) return fixed;
  return kind === 'string' ? stringWrite(compact) : bytesWrite(compact);
}

function arrayWrite(element: Element, version: number, flexible: boolean, compact: boolean): Write {
  const writeElement =
    element.kind === 'struct'
      ? compileStructWriter(element.fields, version, flexible)
      : scalarWrite(element.kind, flexible);
  return (writer, value) => {
    const values = value as readonly unknown[];
    writeLength(writer, values.length, compact);
    let at = 0;
    try {
      for (; at < values.length; at++) writeElement(writer, values[at]);
    } catch (error) {
      throw locateEncode(error, `[${at}]`);
    }
  };
}

/** How a null of this kind is written; a nullable struct has an int8 in front, -1 for null and 1 for present. */
function writeNull(writer: Writer, kind: Field['kind'], compact: boolean): void {
  if (kind === 'struct') writer.int8(-1);
  else if (compact) writer.uvarint(0);
  else if (kind === 'string') writer.int16(-1);
  else writer.int32(-1);
}

function valueWrite(field: Field, version: number, flexible: boolean): Write {
  const compact = flexible && !field.classic;
  if (field.kind === 'array') return arrayWrite(field.element as Element, version, flexible, compact);
  if (field.kind !== 'struct') return scalarWrite(field.kind, compact);
  const write = compileStructWriter(structFields(field), version, flexible);
  if (!inVersions(field.nullable, version)) return write;
  return (writer, value) => {
    writer.int8(1);
    write(writer, value);
  };
}

/** Writes one field: undefined becomes the default, null is written or refused. */
function fieldWrite(field: Field, version: number, flexible: boolean): Write {
  const write = valueWrite(field, version, flexible);
  const preset = defaultOf(field);
  const nullable = inVersions(field.nullable, version);
  const { kind } = field;
  const compact = flexible && !field.classic;
  return (writer, value) => {
    const given = value === undefined ? preset : value;
    if (given !== null) write(writer, given);
    else if (nullable) writeNull(writer, kind, compact);
    else throw new EncodeError(`expected a value in version ${version}, found null`);
  };
}

interface TaggedWrite {
  readonly name: string;
  readonly tag: number;
  readonly isDefault: (value: unknown) => boolean;
  readonly write: Write;
}

function taggedWrites(fields: Fields, version: number): readonly TaggedWrite[] {
  return Object.entries(fields)
    .filter(([, field]) => inVersions(field.tagged, version))
    .map(([name, field]) => ({
      name,
      tag: field.tag,
      isDefault: isDefaultTest(field),
      write: taggedWrite(field, version),
    }))
    .sort((a, b) => a.tag - b.tag);
}

/** Writes size and value of a tagged field; a value of unknown size is written aside first. */
function taggedWrite(field: Field, version: number): Write {
  const write = fieldWrite(field, version, true);
  const size = fixedSize(field.kind);
  if (size !== undefined) {
    return (writer, value) => {
      writer.uvarint(size);
      write(writer, value);
    };
  }
  return (writer, value) => {
    const aside = new Writer();
    write(aside, value);
    writer.uvarint(aside.byteLength);
    for (const chunk of aside.finish()) writer.raw(chunk);
  };
}

/** Tags ascend, fields equal to their default are left out (KIP-482). */
function writeTagSection(writer: Writer, struct: Struct, tagged: readonly TaggedWrite[]): void {
  let count = 0;
  for (const field of tagged) if (!field.isDefault(struct[field.name])) count++;
  writer.uvarint(count);
  if (count === 0) return;
  for (const field of tagged) {
    const value = struct[field.name];
    if (field.isDefault(value)) continue;
    try {
      writer.uvarint(field.tag);
      field.write(writer, value);
    } catch (error) {
      throw locateEncode(error, field.name);
    }
  }
}

/** Turns the fields of a struct at one version into a writer of that struct. Fields of other versions are not looked at. */
export function compileStructWriter(fields: Fields, version: number, flexible: boolean): Write {
  const untagged = Object.entries(fields).filter(
    ([, field]) => inVersions(field.versions, version) && !inVersions(field.tagged, version),
  );
  const names = untagged.map(([name]) => name);
  const writes = untagged.map(([, field]) => fieldWrite(field, version, flexible));
  const tagged = flexible ? taggedWrites(fields, version) : [];
  const count = names.length;
  return (writer, value) => {
    const struct = value as Struct;
    let at = 0;
    try {
      for (; at < count; at++) (writes[at] as Write)(writer, struct[names[at] as string]);
    } catch (error) {
      throw locateEncode(error, names[at] as string);
    }
    if (flexible) writeTagSection(writer, struct, tagged);
  };
}
