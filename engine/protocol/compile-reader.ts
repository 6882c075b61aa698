import type { Read } from './compiled-codec.ts';
import { locate } from './decode-error.ts';
import { defaultOf, hasFreshDefault, structFields } from './field-defaults.ts';
import { elementMinSize } from './min-size.ts';
import type { Reader } from './reader.ts';
import type { Element, Field, Fields, ScalarKind } from './schema.ts';
import { inVersions } from './versions.ts';

type Struct = Record<string, unknown>;

const fixedReads: { readonly [K in ScalarKind]?: Read } = {
  bool: (reader) => reader.bool(),
  int8: (reader) => reader.int8(),
  int16: (reader) => reader.int16(),
  uint16: (reader) => reader.uint16(),
  int32: (reader) => reader.int32(),
  uint32: (reader) => reader.uint32(),
  int64: (reader) => reader.int64(),
  int64Clamped: (reader) => reader.int64Clamped(),
  int64Wide: (reader) => reader.int64Wide(),
  float64: (reader) => reader.float64(),
  uuid: (reader) => reader.uuid(),
};

function scalarRead(kind: ScalarKind, compact: boolean, nullable: boolean): Read {
  const fixed = fixedReads[kind];
  if (fixed !== undefined) return fixed;
  if (kind === 'string') {
    const read: Read = compact ? (reader) => reader.compactString() : (reader) => reader.string();
    return nullable ? read : notNull(read);
  }
  const read: Read = compact ? (reader) => reader.compactBytes() : (reader) => reader.bytes();
  return nullable ? read : notNull(read);
}

function nullRefused(reader: Reader): Error {
  return reader.fail('NULL_NOT_ALLOWED', 'expected a value, found null');
}

function notNull(read: Read): Read {
  return (reader) => {
    const value = read(reader);
    if (value === null) throw nullRefused(reader);
    return value;
  };
}

function arrayRead(field: Field, version: number, flexible: boolean, compact: boolean, nullable: boolean): Read {
  const element = field.element as Element;
  const { elementsMax } = field;
  const readElement =
    element.kind === 'struct'
      ? compileStructReader(element.fields, version, flexible)
      : scalarRead(element.kind, flexible, false);
  const bytesMin = elementMinSize(element, version, flexible);
  return (reader) => {
    const count = compact ? reader.compactArrayCount(bytesMin, elementsMax) : reader.arrayCount(bytesMin, elementsMax);
    if (count < 0) {
      if (nullable) return null;
      throw nullRefused(reader);
    }
    return readElements(reader, readElement, count);
  };
}

function readElements(reader: Reader, readElement: Read, count: number): unknown[] {
  const values: unknown[] = [];
  try {
    while (values.length < count) values.push(readElement(reader));
  } catch (error) {
    throw locate(error, `[${values.length}]`);
  }
  return values;
}

/** A nullable struct has an int8 in front: -1 for null, 1 for present. */
function nullableStructRead(read: Read): Read {
  return (reader) => {
    const presence = reader.int8();
    if (presence === -1) return null;
    if (presence === 1) return read(reader);
    throw reader.fail('INVALID_LENGTH', `expected -1 or 1 before a nullable struct, found ${presence}`);
  };
}

function fieldRead(field: Field, version: number, flexible: boolean): Read {
  const nullable = inVersions(field.nullable, version);
  const compact = flexible && !field.classic;
  if (field.kind === 'struct') {
    const read = compileStructReader(structFields(field), version, flexible);
    return nullable ? nullableStructRead(read) : read;
  }
  if (field.kind !== 'array') return scalarRead(field.kind, compact, nullable);
  return arrayRead(field, version, flexible, compact, nullable);
}

interface TaggedRead {
  readonly name: string;
  readonly read: Read;
}

/** Tagged fields by tag; the table is dense because Kafka numbers tags from 0 within a struct. */
function taggedReads(fields: Fields, version: number): (TaggedRead | undefined)[] {
  const table: (TaggedRead | undefined)[] = [];
  for (const [name, field] of Object.entries(fields)) {
    if (!inVersions(field.tagged, version)) continue;
    table[field.tag] = { name, read: fieldRead(field, version, true) };
  }
  return table;
}

function readTagSection(reader: Reader, struct: Struct, table: readonly (TaggedRead | undefined)[]): void {
  const count = reader.tagCount();
  for (let i = 0; i < count; i++) {
    const tag = reader.uvarint();
    const size = reader.uvarint();
    const known = table[tag];
    if (known === undefined) reader.skip(size);
    else readTagged(reader, struct, known, size);
  }
}

function readTagged(reader: Reader, struct: Struct, known: TaggedRead, size: number): void {
  if (size > reader.remaining) {
    throw reader.fail('TRUNCATED', `expected ${size} bytes for ${known.name}, found ${reader.remaining}`);
  }
  const outerEnd = reader.end;
  const fieldEnd = reader.position + size;
  reader.end = fieldEnd;
  try {
    struct[known.name] = known.read(reader);
  } catch (error) {
    throw locate(error, known.name);
  }
  if (reader.position !== fieldEnd) {
    throw reader.fail(
      'INVALID_TAG',
      `expected ${known.name} to take ${size} bytes, found ${reader.remaining} left over`,
    );
  }
  reader.end = outerEnd;
}

/** A struct of defaults to clone (one shape for all values), and the fields whose default must be made per value. */
function prepareTemplate(fields: Fields, present: ReadonlySet<string>) {
  const template: Struct = {};
  const fresh: [string, Field][] = [];
  for (const [name, field] of Object.entries(fields)) {
    const isFresh = hasFreshDefault(field);
    template[name] = isFresh ? null : defaultOf(field);
    if (isFresh && !present.has(name)) fresh.push([name, field]);
  }
  return { template, fresh };
}

/** Turns the fields of a struct at one version into a reader of that struct. */
export function compileStructReader(fields: Fields, version: number, flexible: boolean): Read {
  const untagged = Object.entries(fields).filter(
    ([, field]) => inVersions(field.versions, version) && !inVersions(field.tagged, version),
  );
  const names = untagged.map(([name]) => name);
  const reads = untagged.map(([, field]) => fieldRead(field, version, flexible));
  const { template, fresh } = prepareTemplate(fields, new Set(names));
  const tagged = taggedReads(fields, version);
  const count = names.length;
  return (reader) => {
    const struct: Struct = { ...template };
    let at = 0;
    try {
      for (; at < count; at++) struct[names[at] as string] = (reads[at] as Read)(reader);
    } catch (error) {
      throw locate(error, names[at] as string);
    }
    for (const [name, field] of fresh) struct[name] = defaultOf(field);
    if (flexible) readTagSection(reader, struct, tagged);
    return struct;
  };
}
