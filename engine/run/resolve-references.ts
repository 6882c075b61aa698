import type { Result } from '../base/result.ts';
import { ok, refused } from '../base/result.ts';
import type { JsonValue } from '../model/json-value.ts';
import { isJsonObject } from '../model/json-value.ts';
import type { PropertyValues } from './resolve-properties.ts';
import { RunError } from './run-error.ts';

/** What references in a config are replaced with. */
export interface ReferenceValues {
  readonly properties: PropertyValues;
  /** The value of a secret, or undefined when the environment has none. */
  readonly secret: (name: string) => string | undefined;
}

const reference = /\$\{(property|secret):([^}]*)\}/g;

/** Name of the environment variable that holds a secret. */
export function secretVariable(name: string): string {
  return `MILLRACE_SECRET_${name}`;
}

/** Secrets of environment variables. */
export function environmentSecret(environment: NodeJS.ProcessEnv): ReferenceValues['secret'] {
  return (name) => environment[secretVariable(name)];
}

/**
 * Replaces `${property:NAME}` and `${secret:NAME}` in every text of a config. `where` names the thing for the message:
 * `activity "send" of process "triage"`. Refused: PROPERTY_MISSING, SECRET_MISSING, both with the field. Values never appear in
 * messages.
 */
export function resolveReferences(
  config: Readonly<Record<string, JsonValue>>,
  values: ReferenceValues,
  where: string,
): Result<Record<string, JsonValue>, RunError> {
  const resolved: Record<string, JsonValue> = {};
  for (const [field, value] of Object.entries(config)) {
    const missing: RunError[] = [];
    resolved[field] = replaceIn(value, values, (kind, name) => missing.push(missingError(kind, name, field, where)));
    if (missing[0]) return refused(missing[0]);
  }
  return ok(resolved);
}

function missingError(kind: string, name: string, field: string, where: string): RunError {
  if (kind === 'secret')
    return new RunError(
      'SECRET_MISSING',
      `${where}, field "${field}": expected secret "${name}" in the environment variable ${secretVariable(name)}, found none`,
    );
  return new RunError(
    'PROPERTY_MISSING',
    `${where}, field "${field}": property "${name}" has no value; give it a default, a value in the profile, or --set ${name}=...`,
  );
}

function replaceIn(
  value: JsonValue,
  values: ReferenceValues,
  missing: (kind: string, name: string) => void,
): JsonValue {
  if (typeof value === 'string') {
    if (!value.includes('${')) return value;
    return value.replace(reference, (_whole, kind: string, name: string) => {
      const own = Object.hasOwn(values.properties, name) ? String(values.properties[name]) : undefined;
      const found = kind === 'secret' ? values.secret(name) : own;
      if (found === undefined) missing(kind, name);
      return found ?? '';
    });
  }
  if (Array.isArray(value)) return value.map((item: JsonValue) => replaceIn(item, values, missing));
  if (isJsonObject(value))
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, replaceIn(item, values, missing)]));
  return value;
}
