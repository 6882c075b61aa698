import type { Project } from '../document.ts';
import type { JsonValue } from '../json-value.ts';
import { findConfigReferences } from '../property-references.ts';
import type { Found, Rule } from './rule.ts';
import { eachActivity } from './rule.ts';

/** A property that a setting refers to must be declared in the project. */
export const unknownProperty: Rule = {
  code: 'PROPERTY_UNKNOWN',
  *check({ project }) {
    for (const { process, activity } of eachActivity(project))
      yield* unknownIn(project, activity.config, { process: process.id, activity: activity.id });
    for (const resource of Object.values(project.resources))
      yield* unknownIn(project, resource.config, { resource: resource.id });
  },
};

function* unknownIn(
  project: Project,
  config: Readonly<Record<string, JsonValue>>,
  place: Omit<Found, 'message'>,
): Generator<Found> {
  for (const [field, value] of Object.entries(config))
    for (const { kind, name } of findConfigReferences(value))
      if (kind === 'property' && !Object.hasOwn(project.properties, name))
        yield {
          ...place,
          field: `config.${field}`,
          message: `The project has no property ${name}`,
          fix: `Add the property ${name} to the project.`,
        };
}
