import { childrenOf } from '../scopes.ts';
import type { Rule } from './rule.ts';
import { eachActivity } from './rule.ts';

/** A scope in which nothing runs does nothing. */
export const emptyScope: Rule = {
  code: 'SCOPE_EMPTY',
  *check({ project, catalog }) {
    for (const { process, activity } of eachActivity(project)) {
      if (catalog.get(activity.type)?.kind !== 'scope') continue;
      const inside = childrenOf(process, activity.id).filter(({ type }) => catalog.get(type)?.kind !== 'catch');
      if (inside.length === 0)
        yield {
          process: process.id,
          activity: activity.id,
          severity: 'warning',
          message: `Nothing runs in ${activity.name}`,
          fix: 'Drag activities into it.',
        };
    }
  },
};
