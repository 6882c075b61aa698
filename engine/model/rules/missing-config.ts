import type { DeclaredActivity, DeclaredField } from '../activity-catalog.ts';
import { isFieldVisible } from '../activity-catalog.ts';
import type { JsonValue } from '../json-value.ts';
import type { Found, Rule } from './rule.ts';
import { eachActivity } from './rule.ts';

/** Required settings without a default must have a value. */
export const missingConfig: Rule = {
  code: 'CONFIG_MISSING',
  *check({ project, catalog }) {
    for (const { process, activity } of eachActivity(project))
      yield* missingIn(catalog.get(activity.type), activity, { process: process.id, activity: activity.id });
    for (const resource of Object.values(project.resources))
      yield* missingIn(catalog.get(resource.type), resource, { resource: resource.id });
  },
};

function* missingIn(
  declared: DeclaredActivity | undefined,
  { config }: { readonly config: Readonly<Record<string, JsonValue>> },
  place: Omit<Found, 'message'>,
): Generator<Found> {
  for (const [name, field] of Object.entries(declared?.config ?? {})) {
    if (!field.required || field.default !== undefined || !isFieldVisible(declared!.config, name, config)) continue;
    if (isEmpty(config[name]))
      yield {
        ...place,
        field: `config.${name}`,
        message: wanted(field),
      };
  }
}

/** What to do, as one would say it: `Choose a topic`. */
function wanted({ kind, label, what = '', multiple = false }: DeclaredField): string {
  if (kind === 'resource' || kind === 'process') return `Choose a ${label}`;
  if (kind !== 'lookup') return `Fill in ${label}`;
  const purpose = label.toLowerCase().startsWith(what) ? '' : ` for ${label}`;
  return `Choose ${multiple ? 'at least one' : 'a'} ${what}${purpose}`;
}

function isEmpty(value: JsonValue | undefined): boolean {
  return (
    value === undefined ||
    value === null ||
    value === '' ||
    (Array.isArray(value) && value.every((item) => item === ''))
  );
}
