import type { DeclaredField } from '../activity-catalog.ts';
import { isFieldVisible } from '../activity-catalog.ts';
import type { JsonValue } from '../json-value.ts';
import type { Rule } from './rule.ts';
import { eachActivity } from './rule.ts';

/** A number that its field declares `below` another one must be: a heartbeat that comes later than the session ends keeps nobody in a group. */
export const configOrder: Rule = {
  code: 'CONFIG_ORDER',
  *check({ project, catalog }) {
    for (const { process, activity } of eachActivity(project)) {
      const fields = catalog.get(activity.type)?.config ?? {};
      for (const [name, field] of Object.entries(fields)) {
        const other = field.below === undefined ? undefined : fields[field.below];
        if (!other || !isFieldVisible(fields, name, activity.config)) continue;
        const value = numberOf(field, activity.config[name]);
        const bound = numberOf(other, activity.config[field.below!]);
        // Properties are looked at when they are resolved.
        if (value === undefined || bound === undefined || value < bound) continue;
        yield {
          process: process.id,
          activity: activity.id,
          field: `config.${name}`,
          message: `${field.label} must be less than ${other.label} (${withUnit(bound, other)}), but is ${withUnit(value, field)}`,
        };
      }
    }
  },
};

function numberOf(field: DeclaredField, value: JsonValue | undefined): number | undefined {
  const given = value === undefined || value === null || value === '' ? field.default : value;
  return typeof given === 'number' ? given : undefined;
}

function withUnit(value: number, { unit }: DeclaredField): string {
  return unit === undefined ? String(value) : `${value} ${unit}`;
}
