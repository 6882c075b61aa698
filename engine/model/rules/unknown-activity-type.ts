import type { Rule } from './rule.ts';
import { eachActivity } from './rule.ts';

/** The palette must have the type of every activity and resource. */
export const unknownActivityType: Rule = {
  code: 'UNKNOWN_ACTIVITY_TYPE',
  *check({ project, catalog }) {
    for (const { process, activity } of eachActivity(project)) {
      const kind = catalog.get(activity.type)?.kind;
      if (kind === undefined || kind === 'resource')
        yield {
          process: process.id,
          activity: activity.id,
          message: `${activity.name} is of type ${activity.type}, which is not in the palette`,
          fix: 'Delete the activity, or open the project with a Millrace that has this type.',
        };
    }
    for (const { id, name, type } of Object.values(project.resources))
      if (catalog.get(type)?.kind !== 'resource')
        yield { resource: id, message: `${name} is of type ${type}, which is not in the palette` };
  },
};
