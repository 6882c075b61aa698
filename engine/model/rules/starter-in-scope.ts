import { processRule } from './process-rule.ts';
import { nameOf } from './rule.ts';

/** A process starter begins the job, so it stands in no scope. */
export const starterInScope = processRule('STARTER_IN_SCOPE', function* (process, catalog) {
  for (const { id, name, type, parent } of Object.values(process.activities))
    if (parent !== undefined && catalog.get(type)?.kind === 'starter')
      yield {
        activity: id,
        message: `${name} is a process starter: it cannot stand in ${nameOf(process, parent)}`,
        fix: 'Drag it out, onto the canvas.',
      };
});
