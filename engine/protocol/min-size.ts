import { structFields } from './field-defaults.ts';
import type { Element, Field, Fields, ScalarKind } from './schema.ts';
import { inVersions } from './versions.ts';

const fixedBytes: Readonly<Partial<Record<ScalarKind, number>>> = {
  bool: 1,
  int8: 1,
  int16: 2,
  uint16: 2,
  int32: 4,
  uint32: 4,
  int64: 8,
  int64Clamped: 8,
  int64Wide: 8,
  float64: 8,
  uuid: 16,
};

/** Encoded size of the kinds that have but one, in bytes; undefined for the others. */
export function fixedSize(kind: Field['kind']): number | undefined {
  return fixedBytes[kind as ScalarKind];
}

function fieldMinSize(field: Field, version: number, flexible: boolean): number {
  const fixed = fixedSize(field.kind);
  if (fixed !== undefined) return fixed;
  if (field.kind === 'struct') {
    return inVersions(field.nullable, version) ? 1 : structMinSize(structFields(field), version, flexible);
  }
  if (flexible && !field.classic) return 1;
  return field.kind === 'string' ? 2 : 4;
}

function structMinSize(fields: Fields, version: number, flexible: boolean): number {
  let size = flexible ? 1 : 0;
  for (const field of Object.values(fields)) {
    if (!inVersions(field.versions, version) || inVersions(field.tagged, version)) continue;
    size += fieldMinSize(field, version, flexible);
  }
  return size;
}

/** Fewest bytes that one array element can take, at least 1: what bounds an array's count before it is allocated. */
export function elementMinSize(element: Element, version: number, flexible: boolean): number {
  if (element.kind === 'struct') return Math.max(1, structMinSize(element.fields, version, flexible));
  const fixed = fixedSize(element.kind);
  if (fixed !== undefined) return fixed;
  if (flexible) return 1;
  return element.kind === 'string' ? 2 : 4;
}
