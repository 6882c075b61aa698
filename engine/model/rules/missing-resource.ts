import { findConfigReferences } from '../property-references.ts';
import type { Rule } from './rule.ts';
import { eachActivity } from './rule.ts';

/** A resource that an activity names must be in the project and of the right type. */
export const missingResource: Rule = {
  code: 'RESOURCE_MISSING',
  *check({ project, catalog }) {
    for (const { process, activity } of eachActivity(project)) {
      for (const [name, field] of Object.entries(catalog.get(activity.type)?.config ?? {})) {
        const id = activity.config[name];
        if (field.kind !== 'resource' || typeof id !== 'string' || !id || findConfigReferences(id).length) continue;
        const found = Object.hasOwn(project.resources, id) ? project.resources[id] : undefined;
        if (found?.type === field.resourceType) continue;
        const what = found ? `${found.name} is no ${field.label}` : `There is no ${field.label} ${id} in the project`;
        yield {
          process: process.id,
          activity: activity.id,
          field: `config.${name}`,
          message: what,
          fix: 'Choose another resource, or create it under Resources.',
        };
      }
    }
  },
};
