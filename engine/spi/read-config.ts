import type { Result } from '../base/result.ts';
import { ok, refused } from '../base/result.ts';
import { isFieldVisible } from '../model/activity-catalog.ts';
import { fieldTypeNames, isFieldType } from '../model/field-types.ts';
import type { JsonValue } from '../model/json-value.ts';
import { isJsonObject } from '../model/json-value.ts';
import type { ConfigField, ConfigFields, ConfigOf } from './fields.ts';

/** A config value that its field does not accept. */
export interface ConfigFault {
  readonly field: string;
  readonly message: string;
}

/**
 * Makes the config that a runtime gets: defaults filled in, hidden fields at their default, every value checked. References
 * (`${property:NAME}`) must have been replaced before; numbers and booleans that came from one arrive as text and are converted.
 */
export function readConfig<Fields extends ConfigFields>(
  fields: Fields,
  raw: Readonly<Record<string, JsonValue>>,
): Result<ConfigOf<Fields>, readonly ConfigFault[]> {
  const config: Record<string, unknown> = {};
  const faults: ConfigFault[] = [];
  for (const [name, field] of Object.entries(fields)) {
    config[name] = defaultOf(field);
    if (!isFieldVisible(fields, name, raw)) continue;
    const given = raw[name];
    const value = given === undefined || given === null || given === '' ? defaultOf(field) : given;
    if (value === undefined) {
      if (field.required) faults.push({ field: name, message: `expected a value for ${field.label}, but it is empty` });
      continue;
    }
    const read = readValue(field, value);
    if (read.ok) config[name] = read.value;
    else faults.push({ field: name, message: read.error });
  }
  return faults.length ? refused(faults) : ok(config as ConfigOf<Fields>);
}

function defaultOf(field: ConfigField): JsonValue | undefined {
  return 'default' in field ? field.default : undefined;
}

/** The value of one field, converted to its type, or why it is not one. */
export function readValue(field: ConfigField, value: JsonValue): Result<unknown, string> {
  switch (field.kind) {
    case 'number':
      return readNumber(field, value);
    case 'boolean': {
      if (value === true || value === 'true') return ok(true);
      if (value === false || value === 'false') return ok(false);
      return refused(expected('true or false', field, value));
    }
    case 'choice':
      return field.choices.some((choice) => choice.value === value)
        ? ok(value)
        : refused(expected(`one of ${field.choices.map((choice) => choice.value).join(', ')}`, field, value));
    case 'lookup':
      return field.multiple ? readList(field, value) : readText(field, value);
    case 'keyValue':
      return isJsonObject(value) && Object.values(value).every((entry) => typeof entry === 'string')
        ? ok(value)
        : refused(expected('names with text values', field, value));
    case 'record':
      return isJsonObject(value) && Object.values(value).every(isFieldType)
        ? ok(value)
        : refused(expected(`names with types (${fieldTypeNames.join(', ')})`, field, value));
    case 'text':
      return typeof value === 'string' && field.pattern && !new RegExp(`^(?:${field.pattern})$`).test(value)
        ? refused(expected(`text that matches ${field.pattern}`, field, value))
        : readText(field, value);
    default:
      return readText(field, value);
  }
}

function readNumber(field: Extract<ConfigField, { kind: 'number' }>, value: JsonValue): Result<number, string> {
  const number = typeof value === 'string' && value.trim() ? Number(value) : value;
  const unit = field.unit ? ` ${field.unit}` : '';
  const wanted = `${field.integer ? 'a whole number' : 'a number'} from ${field.min} to ${field.max}${unit}`;
  if (typeof number !== 'number' || !Number.isFinite(number) || number < field.min || number > field.max)
    return refused(expected(wanted, field, value));
  return field.integer && !Number.isInteger(number) ? refused(expected(wanted, field, value)) : ok(number);
}

function readText(field: ConfigField, value: JsonValue): Result<string, string> {
  return typeof value === 'string' ? ok(value) : refused(expected('text', field, value));
}

function readList(field: ConfigField, value: JsonValue): Result<readonly string[], string> {
  const items = typeof value === 'string' ? value.split(/[;,]/).map((item) => item.trim()) : value;
  if (!Array.isArray(items) || !items.every((item) => typeof item === 'string'))
    return refused(expected('a list of texts', field, value));
  const present = items.filter((item) => item !== '');
  return field.required && !present.length ? refused(expected('at least one', field, value)) : ok(present);
}

function expected(what: string, field: ConfigField, value: JsonValue): string {
  return `expected ${what} for ${field.label}, but found ${field.kind === 'secret' ? '(hidden)' : JSON.stringify(value)}`;
}
