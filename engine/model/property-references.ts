import type { JsonValue } from './json-value.ts';
import { isJsonObject } from './json-value.ts';

/** A reference inside a config text: `${property:NAME}` or `${secret:NAME}`. */
export interface ConfigReference {
  readonly kind: 'property' | 'secret';
  readonly name: string;
}

const pattern = /\$\{(property|secret):([A-Za-z_][A-Za-z0-9_]*)\}/g;

/** Every reference in a config value, also inside of lists and objects. */
export function findConfigReferences(value: JsonValue): readonly ConfigReference[] {
  if (typeof value === 'string')
    return [...value.matchAll(pattern)].map(([, kind, name]) => ({
      kind: kind as ConfigReference['kind'],
      name: name!,
    }));
  if (Array.isArray(value)) return value.flatMap(findConfigReferences);
  return isJsonObject(value) ? Object.values(value).flatMap(findConfigReferences) : [];
}
