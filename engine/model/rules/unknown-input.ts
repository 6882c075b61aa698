import { hasOpenInput, portsOf } from '../ports.ts';
import type { Rule } from './rule.ts';
import { eachActivity } from './rule.ts';

/** A mapping for a field that the activity does not have is never used. */
export const unknownInput: Rule = {
  code: 'INPUT_UNKNOWN',
  *check({ project, catalog }) {
    for (const { process, activity } of eachActivity(project)) {
      const declared = catalog.get(activity.type);
      const ports = portsOf(activity, { process, catalog, processes: project.processes, schemas: project.schemas });
      if (!declared || !ports || hasOpenInput(ports, declared)) continue;
      for (const name of Object.keys(activity.input))
        if (!Object.hasOwn(ports.input, name))
          yield {
            process: process.id,
            activity: activity.id,
            field: `input.${name}`,
            severity: 'warning',
            message: `${declared.title} has no input ${name}, so its mapping is not used`,
            fix: 'Delete the mapping.',
          };
    }
  },
};
