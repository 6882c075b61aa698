import type { Rule } from './rule.ts';

/** A conditional transition must say its condition. */
export const conditionMissing: Rule = {
  code: 'CONDITION_MISSING',
  *check({ project }) {
    for (const process of Object.values(project.processes))
      for (const { id, from, to, kind, condition = '' } of process.transitions)
        if (kind === 'condition' && !condition.trim())
          yield {
            process: process.id,
            transition: id,
            field: 'condition',
            message: `expected a condition on the transition from ${from} to ${to}, but it is empty`,
            fix: 'Write a condition, or make it a success transition.',
          };
  },
};
