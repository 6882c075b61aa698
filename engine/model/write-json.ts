import type { JsonValue } from './json-value.ts';
import { isJsonObject } from './json-value.ts';

/**
 * The one text of a JSON value: two spaces per level, names sorted by code unit, a line feed at the end. The same value gives
 * the same bytes on every machine, so a change in a file is a change in the document. Undefined fields are left out.
 */
export function writeJson(value: unknown): string {
  return `${JSON.stringify(sorted(value as JsonValue), null, 2)}\n`;
}

function sorted(value: JsonValue): JsonValue {
  if (Array.isArray(value)) return value.map(sorted);
  if (!isJsonObject(value)) return value;
  // fromEntries defines its properties, so a field called __proto__ stays a field.
  return Object.fromEntries(
    Object.keys(value)
      .sort()
      .map((name) => [name, sorted(value[name]!)]),
  );
}
