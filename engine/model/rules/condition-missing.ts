import type { Rule } from './rule.ts';
import { nameOf } from './rule.ts';

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
            message: `Write a condition for the transition from ${nameOf(process, from)} to ${nameOf(process, to)}`,
            fix: 'Without one it would be a success transition.',
          };
  },
};
