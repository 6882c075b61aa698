import { findCycle } from '../graph.ts';
import type { Rule } from './rule.ts';
import { nameOf } from './rule.ts';

/** Transitions must not lead back to where they came from. */
export const cycle: Rule = {
  code: 'CYCLE',
  *check({ project }) {
    for (const process of Object.values(project.processes)) {
      const found = findCycle(process);
      if (found)
        yield {
          process: process.id,
          activity: found[0]!,
          message: `The transitions go in a circle: ${[...found, found[0]!].map((id) => nameOf(process, id)).join(' → ')}`,
          fix: 'Delete one of these transitions.',
        };
    }
  },
};
