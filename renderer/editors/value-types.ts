import { isExactNumber } from '../../engine/formats/exact-number.ts';
import { isJsonObject } from '../../engine/model/json-value.ts';
import type { ValueType } from '../../engine/model/value-type.ts';
import { anyType } from '../../engine/model/value-type.ts';

/** Levels of a sample that are looked into; deeper parts stay `any`. */
const depthMax = 12;

/** The shape of a sample value. Open, because the next record may hold more. */
export function typeOfValue(value: unknown, depth = 0): ValueType {
  if (value === null || value === undefined || depth >= depthMax) return anyType;
  if (isExactNumber(value)) return { type: 'number' };
  if (Array.isArray(value))
    return { type: 'array', items: value.length === 0 ? anyType : typeOfValue(value[0], depth + 1) };
  if (isJsonObject(value)) {
    const properties = Object.entries(value).map(([name, part]) => [name, typeOfValue(part, depth + 1)] as const);
    return { type: 'object', properties: Object.fromEntries(properties), open: true };
  }
  if (typeof value === 'number') return { type: Number.isInteger(value) ? 'integer' : 'number' };
  return typeof value === 'string' || typeof value === 'boolean'
    ? { type: typeof value as 'string' | 'boolean' }
    : anyType;
}

/** A declared shape, with what the sample shows where the declaration says `any` or leaves room. */
export function enrichType(declared: ValueType, sample: unknown): ValueType {
  if (declared.type === 'any') {
    const seen = typeOfValue(sample);
    return declared.description === undefined ? seen : { ...seen, description: declared.description };
  }
  if (declared.type === 'object' && isJsonObject(sample)) return enrichObject(declared, sample);
  if (declared.type === 'array' && Array.isArray(sample) && sample.length > 0)
    return { ...declared, items: enrichType(declared.items, sample[0]) };
  return declared;
}

function enrichObject(
  declared: Extract<ValueType, { type: 'object' }>,
  sample: Readonly<Record<string, unknown>>,
): ValueType {
  const properties: Record<string, ValueType> = {};
  for (const [name, type] of Object.entries(declared.properties)) properties[name] = enrichType(type, sample[name]);
  if (declared.open === true)
    for (const [name, value] of Object.entries(sample)) properties[name] ??= typeOfValue(value);
  return { ...declared, properties };
}

/** A type in a word or two: `text`, `list of numbers`. */
export function typeName(type: ValueType): string {
  switch (type.type) {
    case 'string':
      return 'text';
    case 'integer':
      return 'number';
    case 'boolean':
      return 'true or false';
    case 'array':
      return type.items.type === 'any' ? 'list' : `list of ${pluralOf(typeName(type.items))}`;
    default:
      return type.type;
  }
}

function pluralOf(name: string): string {
  return name === 'true or false' ? name : name.endsWith('y') ? name : `${name}s`;
}
