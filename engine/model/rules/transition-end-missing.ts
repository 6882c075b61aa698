import type { Rule } from './rule.ts';

/** A transition must lead from one activity of its process to another. */
export const transitionEndMissing: Rule = {
  code: 'TRANSITION_END_MISSING',
  *check({ project }) {
    for (const process of Object.values(project.processes))
      for (const { id, from, to } of process.transitions)
        for (const end of new Set([from, to]))
          if (!Object.hasOwn(process.activities, end))
            yield {
              process: process.id,
              transition: id,
              message: `expected an activity at both ends of transition ${id}, but found no ${end}`,
              fix: 'Delete the transition.',
            };
  },
};
