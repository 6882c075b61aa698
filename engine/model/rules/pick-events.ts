import { constructOf } from '../activity-catalog.ts';
import { childrenOf } from '../scopes.ts';
import type { Rule } from './rule.ts';
import { eachActivity } from './rule.ts';

/** A Pick with less than two events picks nothing. */
export const pickEvents: Rule = {
  code: 'PICK_EVENTS',
  *check({ project, catalog }) {
    for (const { process, activity } of eachActivity(project)) {
      if (constructOf(catalog.get(activity.type)) !== 'pick') continue;
      const targets = new Set(process.transitions.map(({ to }) => to));
      const events = childrenOf(process, activity.id).filter(
        ({ id, type }) => !targets.has(id) && catalog.get(type)?.kind !== 'catch',
      );
      // Without anything in it another rule speaks.
      if (events.length !== 1) continue;
      yield {
        process: process.id,
        activity: activity.id,
        severity: 'warning',
        message: `${activity.name} has one event, ${events[0]!.name}, so there is nothing to pick`,
        fix: 'Drag another activity into it that no transition leads to: a Sleep for a time-out.',
      };
    }
  },
};
