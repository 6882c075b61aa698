import { isOfType, typeNameOf } from '../formats/is-of-type.ts';
import type { FieldTypes } from '../model/field-types.ts';
import { isOptional } from '../model/field-types.ts';

/** Why a record is not what was declared: the first field that is missing or of another type. Undefined when it is. */
export function fieldFault(fields: FieldTypes, record: Readonly<Record<string, unknown>>): string | undefined {
  for (const [name, type] of Object.entries(fields)) {
    const value = record[name];
    const found = typeNameOf(value);
    if (found === 'missing' || found === 'null') {
      if (!isOptional(type)) return `expected ${name} (${type}), but it is ${found}`;
    } else if (!isOfType(type.replace('?', ''), value)) return `expected ${name} to be ${type}, but found ${found}`;
  }
  return undefined;
}
