import type { Rule } from './rule.ts';

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
            message: `expected a conditional transition beside the otherwise from ${from} to ${to}, but found none: it is always taken`,
            fix: 'Make it a success transition, or add a condition beside it.',
          };
  },
};
