import { isJsonObject } from './json-value.ts';
import type { ValueType } from './value-type.ts';
import { anyType } from './value-type.ts';

/** Types that a field of a declared record can have: what a process takes and gives, what a variable holds. */
export const fieldTypeNames = ['string', 'number', 'integer', 'boolean', 'object', 'array', 'any'] as const;
export type FieldTypeName = (typeof fieldTypeNames)[number];

/** Declared fields by name; a `?` behind the type says that the field may be missing. */
export type FieldTypes = Readonly<Record<string, string>>;

const pattern = new RegExp(`^(?:${fieldTypeNames.join('|')})\\??$`);

/** Whether a text names a type, with or without the `?`. */
export function isFieldType(text: unknown): text is string {
  return typeof text === 'string' && pattern.test(text);
}

/** The declared fields that a setting holds; what is no type counts as any. */
export function fieldTypesOf(setting: unknown): FieldTypes {
  if (!isJsonObject(setting)) return {};
  return Object.fromEntries(Object.entries(setting).map(([name, type]) => [name, isFieldType(type) ? type : 'any']));
}

export function isOptional(type: string): boolean {
  return type.endsWith('?') || type === 'any';
}

/** The shape of one field. */
export function valueTypeOf(type: string): ValueType {
  const name = type.replace('?', '');
  if (name === 'object') return { type: 'object', properties: {}, open: true };
  if (name === 'array') return { type: 'array', items: anyType };
  return name === 'any' ? anyType : { type: name as 'string' | 'number' | 'integer' | 'boolean' };
}

/** The shape of a record of declared fields; with none declared anything. */
export function recordTypeOf(fields: FieldTypes): ValueType {
  const names = Object.keys(fields);
  if (names.length === 0) return anyType;
  return { type: 'object', properties: Object.fromEntries(names.map((name) => [name, valueTypeOf(fields[name]!)])) };
}
