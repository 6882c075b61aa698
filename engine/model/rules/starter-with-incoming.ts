import type { Rule } from './rule.ts';
import { nameOf } from './rule.ts';

/** Nothing comes before a process starter: it begins the job. */
export const starterWithIncoming: Rule = {
  code: 'STARTER_INCOMING',
  *check({ project, catalog }) {
    for (const process of Object.values(project.processes))
      for (const { id, from, to } of process.transitions)
        if (catalog.get(process.activities[to]?.type ?? '')?.kind === 'starter')
          yield {
            process: process.id,
            transition: id,
            message: `${nameOf(process, to)} is a process starter: the transition from ${nameOf(process, from)} cannot lead to it`,
            fix: 'Delete the transition.',
          };
  },
};
