import { reachableFrom } from '../graph.ts';
import type { Rule } from './rule.ts';
import { nameOf } from './rule.ts';

/** An activity that no transition leads to from the starter never runs. */
export const unreachableActivity: Rule = {
  code: 'ACTIVITY_UNREACHABLE',
  *check({ project, catalog }) {
    for (const process of Object.values(project.processes)) {
      const activities = Object.values(process.activities);
      const starters = activities.filter(({ type }) => catalog.get(type)?.kind === 'starter').map(({ id }) => id);
      // Without a starter nothing is reachable; one problem says so already.
      if (!starters.length) continue;
      // What a process catches at its top is begun by no transition.
      const catches = activities.filter(
        ({ type, parent }) => parent === undefined && catalog.get(type)?.kind === 'catch',
      );
      const reached = reachableFrom(process, [...starters, ...catches.map(({ id }) => id)]);
      for (const { id, name } of activities)
        if (!reached.has(id))
          yield {
            process: process.id,
            activity: id,
            severity: 'warning',
            message: `Nothing leads from ${nameOf(process, starters[0]!)} to ${name}, so it never runs`,
            fix: 'Connect it, or delete it.',
          };
    }
  },
};
