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
              message: `Transition ${id} ends at ${end}, which is not in ${process.name}`,
              fix: 'Delete the transition.',
            };
  },
};
