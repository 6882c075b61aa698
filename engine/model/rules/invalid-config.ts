import type { DeclaredActivity, DeclaredField } from '../activity-catalog.ts';
import { isFieldVisible } from '../activity-catalog.ts';
import { fieldTypeNames, isFieldType } from '../field-types.ts';
import type { JsonValue } from '../json-value.ts';
import { isJsonObject } from '../json-value.ts';
import { findConfigReferences } from '../property-references.ts';
import type { Found, Rule } from './rule.ts';
import { eachActivity } from './rule.ts';

/** Settings must be of the kind and within the bounds that their field declares. References are checked when they are resolved. */
export const invalidConfig: Rule = {
  code: 'CONFIG_INVALID',
  *check({ project, catalog }) {
    for (const { process, activity } of eachActivity(project))
      yield* invalidIn(catalog.get(activity.type), activity.config, { process: process.id, activity: activity.id });
    for (const resource of Object.values(project.resources))
      yield* invalidIn(catalog.get(resource.type), resource.config, { resource: resource.id });
  },
};

function* invalidIn(
  declared: DeclaredActivity | undefined,
  config: Readonly<Record<string, JsonValue>>,
  place: Omit<Found, 'message'>,
): Generator<Found> {
  for (const [name, field] of Object.entries(declared?.config ?? {})) {
    const value = config[name];
    if (value === undefined || value === null || value === '' || !isFieldVisible(declared!.config, name, config))
      continue;
    const wanted = findConfigReferences(value).length ? undefined : unmetExpectation(field, value);
    if (wanted)
      yield {
        ...place,
        field: `config.${name}`,
        message: `${field.label} must be ${wanted}, but is ${field.kind === 'secret' ? '(hidden)' : JSON.stringify(value)}`,
      };
  }
}

function rangeWords(min: number, max: number): string {
  if (min === -Infinity) return max === Infinity ? '' : ` of at most ${max}`;
  return max === Infinity ? ` of at least ${min}` : ` from ${min} to ${max}`;
}

function unmetExpectation(field: DeclaredField, value: JsonValue): string | undefined {
  switch (field.kind) {
    case 'number': {
      const { min = -Infinity, max = Infinity, unit } = field;
      const isIn = typeof value === 'number' && value >= min && value <= max;
      return isIn
        ? undefined
        : `a number${rangeWords(min, max)}${unit && (min > -Infinity || max < Infinity) ? ` ${unit}` : ''}`;
    }
    case 'boolean':
      return typeof value === 'boolean' ? undefined : 'true or false';
    case 'choice': {
      const choices = (field.choices ?? []).map((choice) => choice.value);
      return typeof value === 'string' && choices.includes(value) ? undefined : `one of ${choices.join(', ')}`;
    }
    case 'record':
      return isJsonObject(value) && Object.values(value).every(isFieldType)
        ? undefined
        : `names with one of the types ${fieldTypeNames.join(', ')}`;
    case 'secret':
      // A secret in the document would be committed with it.
      // biome-ignore lint/suspicious/noTemplateCurlyInString: the reference syntax of projects
      return 'a reference such as ${secret:PASSWORD}';
    default:
      return undefined;
  }
}
