import type { Rule } from './rule.ts';

/** A process begins with exactly one process starter. */
export const starterCount: Rule = {
  code: 'STARTER_COUNT',
  *check({ project, catalog }) {
    for (const process of Object.values(project.processes)) {
      const starters = Object.values(process.activities).filter(({ type }) => catalog.get(type)?.kind === 'starter');
      if (starters.length === 0)
        yield {
          process: process.id,
          message: `${process.name} has no process starter, so it never runs`,
          fix: 'Drag ReceiveMessage, Timer or another starter onto the canvas.',
        };
      for (const { id, name } of starters.slice(1))
        yield {
          process: process.id,
          activity: id,
          message: `${process.name} has another process starter, ${name}, besides ${starters[0]!.name}`,
          fix: 'Move one of them to a process of its own.',
        };
    }
  },
};
