import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { definitionsIn } from '../../scripts/pack-kafka-definitions.ts';
import { advertisedApis, apis } from './api-keys.ts';
import { errorName, errorTable } from './error-codes.ts';
import { defaultOf } from './field-defaults.ts';
import type { Field, Fields, MessageSchema } from './schema.ts';
import { int64Max } from './schema.ts';
import { allSchemas } from './testing/all-schemas.ts';
import type { JsonField, JsonMessage, KafkaDefinitions } from './testing/kafka-definitions.ts';
import { inVersions, noVersions, parseVersions } from './versions.ts';

const packed = join(import.meta.dirname, 'testing/kafka-definitions.json.gz');
const definitions = JSON.parse(gunzipSync(readFileSync(packed)).toString()) as KafkaDefinitions;
const messages = new Map(definitions.messages.map((definition) => [definition.name, definition]));

/** Where all of Kafka's definitions lie, on machines that have them beside the project. */
const folder = resolve(import.meta.dirname, '../../../shared/kafka-protocol');
const isBeside = existsSync(folder);

/** What a field means at one version, from either source, in the same words. */
interface Meaning {
  readonly name: string;
  readonly type: string;
  readonly nullable: boolean;
  readonly tag: number | null;
  readonly default: unknown;
  readonly classic: boolean;
  readonly fields: readonly Meaning[] | null;
}

function jsonDefault(field: JsonField, type: string): unknown {
  const given = field.default;
  if (given === 'null') return null;
  if (type === 'struct') return 'struct of defaults';
  if (type.startsWith('[]')) return [];
  if (given === undefined) {
    return { bool: false, string: '', uuid: 'A'.repeat(22), bytes: '', records: '' }[type] ?? 0;
  }
  if (type === 'bool') return String(given) === 'true';
  if (type === 'string') return given;
  return String(given) === '9223372036854775807' ? int64Max : Number(given);
}

function jsonMeaning(field: JsonField, version: number, definition: JsonMessage): Meaning {
  const array = field.type.startsWith('[]');
  const element = array ? field.type.slice(2) : field.type;
  const structs = definition.commonStructs ?? [];
  const inner = field.fields ?? structs.find((struct) => struct.name === element)?.fields;
  const type = (array ? '[]' : '') + (inner === undefined ? element : 'struct');
  return {
    name: field.name.charAt(0).toLowerCase() + field.name.slice(1),
    type,
    nullable: inVersions(parseVersions(field.nullableVersions ?? 'none'), version),
    tag: inVersions(parseVersions(field.taggedVersions ?? 'none'), version) ? (field.tag ?? null) : null,
    default: jsonDefault(field, type),
    classic: field.flexibleVersions === 'none',
    fields: inner === undefined ? null : jsonMeanings(inner, version, definition),
  };
}

function jsonMeanings(fields: readonly JsonField[], version: number, definition: JsonMessage): Meaning[] {
  return fields
    .filter((field) => inVersions(parseVersions(field.versions ?? field.taggedVersions ?? 'none'), version))
    .map((field) => jsonMeaning(field, version, definition));
}

function schemaDefault(field: Field): unknown {
  if (field.kind === 'struct' && field.defaultValue === undefined) return 'struct of defaults';
  const value = defaultOf(field);
  return Buffer.isBuffer(value) ? value.toString() : value;
}

/** The kinds of int64 differ in what they are read as, not on the wire. */
function typeOnTheWire(kind: string): string {
  return kind.startsWith('int64') ? 'int64' : kind;
}

function schemaMeaning(name: string, field: Field, version: number): Meaning {
  const element = field.element;
  return {
    name,
    type: field.kind === 'array' ? `[]${typeOnTheWire(element?.kind ?? '')}` : typeOnTheWire(field.kind),
    nullable: inVersions(field.nullable, version),
    tag: inVersions(field.tagged, version) ? field.tag : null,
    default: schemaDefault(field),
    classic: field.classic,
    fields: element?.kind === 'struct' ? schemaMeanings(element.fields, version) : null,
  };
}

function schemaMeanings(fields: Fields, version: number): Meaning[] {
  return Object.entries(fields)
    .filter(([, field]) => inVersions(field.versions, version))
    .map(([name, field]) => schemaMeaning(name, field, version));
}

it.skipIf(!isBeside)(
  `keeps a copy of the definitions that equals them${isBeside ? '' : ' (skipped: nothing beside the project to compare with)'}`,
  () => {
    expect(definitions).toEqual(definitionsIn(folder));
  },
);

describe("against Kafka's definitions", () => {
  it.each(allSchemas.map((schema): [string, MessageSchema] => [schema.name, schema]))(
    '%s says the same',
    (name, schema) => {
      const definition = messages.get(name);
      if (definition === undefined) throw new Error(`expected a definition of ${name}, found none`);
      expect(schema.key).toBe(definition.apiKey ?? -1);
      expect(schema.versions).toEqual(parseVersions(definition.validVersions));
      expect(schema.flexible).toEqual(parseVersions(definition.flexibleVersions));
      const names = definition.fields.map((field) => field.name.charAt(0).toLowerCase() + field.name.slice(1));
      expect(Object.keys(schema.fields)).toEqual(names);
      for (let version = schema.versions.min; version <= schema.versions.max; version++) {
        const expected = jsonMeanings(definition.fields, version, definition);
        expect(schemaMeanings(schema.fields, version), `version ${version}`).toEqual(expected);
      }
    },
  );

  it('serves and announces the versions of Kafka', () => {
    const byKey = new Map(definitions.apis.map((entry) => [entry.key, entry]));
    for (const api of Object.values(apis)) {
      const expected = byKey.get(api.key);
      expect(api).toMatchObject({
        name: expected?.name,
        versionMin: expected?.min,
        versionMax: expected?.maxUnstable ?? expected?.max,
        advertisedMin: expected?.advertisedMin ?? expected?.min,
        advertisedMax: expected?.max,
        firstFlexible: expected?.firstFlexible ?? noVersions.min,
      });
    }
    expect(advertisedApis().map((entry) => entry.apiKey)).not.toContain(apis.vote.key);
  });

  it('has every error code', () => {
    expect(Object.keys(errorTable)).toEqual(definitions.errors.map((entry) => entry.name));
    for (const { code, name, retriable } of definitions.errors) {
      expect(errorName(code)).toBe(name);
      expect(errorTable[name as keyof typeof errorTable]).toMatchObject({ code, retriable });
    }
  });
});
