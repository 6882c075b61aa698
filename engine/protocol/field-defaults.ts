import type { Field, Fields, ScalarKind } from './schema.ts';
import { zeroUuid } from './uuid.ts';

const noBytes = Buffer.alloc(0);

function scalarDefault(kind: ScalarKind): unknown {
  if (kind === 'bool') return false;
  if (kind === 'string') return '';
  if (kind === 'uuid') return zeroUuid;
  return kind === 'bytes' || kind === 'records' ? noBytes : 0;
}

/** The value of a field that is absent. Arrays and structs are made anew at each call: a decoded message is mutable. */
export function defaultOf(field: Field): unknown {
  if (field.defaultValue !== undefined) return field.defaultValue;
  if (field.kind === 'array') return [];
  if (field.kind !== 'struct') return scalarDefault(field.kind);
  return defaultStruct(structFields(field));
}

/** A struct in which every field has its default. */
export function defaultStruct(fields: Fields): Record<string, unknown> {
  const value: Record<string, unknown> = {};
  for (const name of Object.keys(fields)) value[name] = defaultOf(fields[name] as Field);
  return value;
}

/** True when `defaultOf` must be called for each message rather than once. */
export function hasFreshDefault(field: Field): boolean {
  return field.defaultValue === undefined && (field.kind === 'array' || field.kind === 'struct');
}

export function structFields(field: Field): Fields {
  if (field.element?.kind === 'struct') return field.element.fields;
  throw new Error(`expected a field with a struct, found ${field.kind}`);
}

/**
 * Builds the test that decides whether a tagged field is left out: undefined or equal to its default. A struct equals
 * its default when all its fields do, as in Kafka's generated classes.
 */
export function isDefaultTest(field: Field): (value: unknown) => boolean {
  const preset = field.defaultValue;
  if (field.kind === 'array') {
    if (preset === null) return (value) => value === null || value === undefined;
    return (value) => value === undefined || (value !== null && (value as readonly unknown[]).length === 0);
  }
  if (field.kind === 'struct') return structDefaultTest(field);
  if (field.kind === 'bytes' || field.kind === 'records') {
    if (preset === null) return (value) => value === null || value === undefined;
    return (value) => value === undefined || (value !== null && (value as Buffer).length === 0);
  }
  const expected = defaultOf(field);
  return (value) => value === undefined || value === expected;
}

function structDefaultTest(field: Field): (value: unknown) => boolean {
  if (field.defaultValue === null) return (value) => value === null || value === undefined;
  const tests = Object.entries(structFields(field)).map(([name, inner]) => ({ name, test: isDefaultTest(inner) }));
  return (value) => {
    if (value === undefined) return true;
    if (value === null) return false;
    const object = value as Record<string, unknown>;
    return tests.every(({ name, test }) => test(object[name]));
  };
}
