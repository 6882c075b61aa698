import type { Rule } from './rule.ts';

/** Ids are unique in a process, and an activity stands under its own. */
export const duplicateId: Rule = {
  code: 'DUPLICATE_ID',
  *check({ project }) {
    for (const process of Object.values(project.processes)) {
      for (const [key, { id }] of Object.entries(process.activities))
        if (key !== id)
          yield {
            process: process.id,
            activity: key,
            message: `expected the activity under ${key} to have that id, but found ${id}`,
          };
      const seen = new Set<string>();
      for (const { id } of process.transitions) {
        if (seen.has(id))
          yield {
            process: process.id,
            transition: id,
            message: `expected each transition id once in ${process.id}, but found ${id} again`,
          };
        seen.add(id);
      }
    }
  },
};
