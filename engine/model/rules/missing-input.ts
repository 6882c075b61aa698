import { portsOf } from '../ports.ts';
import type { Rule } from './rule.ts';
import { eachActivity } from './rule.ts';

/** Required input fields must be mapped. */
export const missingInput: Rule = {
  code: 'INPUT_MISSING',
  *check({ project, catalog }) {
    for (const { process, activity } of eachActivity(project))
      for (const [name, field] of Object.entries(
        portsOf(activity, { process, catalog, processes: project.processes, schemas: project.schemas })?.input ?? {},
      ))
        if (field.required && !activity.input[name]?.trim())
          yield {
            process: process.id,
            activity: activity.id,
            field: `input.${name}`,
            message: `Give ${field.label} an expression`,
            fix: 'Drag data to it under Input, or type one.',
          };
  },
};
