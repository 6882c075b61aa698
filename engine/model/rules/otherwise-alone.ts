import type { Rule } from './rule.ts';
import { nameOf } from './rule.ts';

/** `otherwise` means something only beside a condition of the same activity. */
export const otherwiseAlone: Rule = {
  code: 'OTHERWISE_ALONE',
  *check({ project }) {
    for (const process of Object.values(project.processes))
      for (const { id, from, to, kind } of process.transitions)
        if (
          kind === 'otherwise' &&
          !process.transitions.some((other) => other.from === from && other.kind === 'condition')
        )
          yield {
            process: process.id,
            transition: id,
            severity: 'warning',
            message: `The otherwise from ${nameOf(process, from)} to ${nameOf(process, to)} has no condition beside it, so it is always taken`,
            fix: 'Make it a success transition, or add a condition beside it.',
          };
  },
};
