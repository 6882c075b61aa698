import { constructOf } from '../activity-catalog.ts';
import { failuresBefore } from '../handled-failures.ts';
import type { Rule } from './rule.ts';
import { eachActivity } from './rule.ts';

/** A Rethrow stands behind a catch or an error transition. */
export const nothingToRethrow: Rule = {
  code: 'NOTHING_TO_RETHROW',
  *check({ project, catalog }) {
    for (const { process, activity } of eachActivity(project)) {
      if (constructOf(catalog.get(activity.type)) !== 'rethrow') continue;
      if (failuresBefore(process, activity.id, catalog).length) continue;
      yield {
        process: process.id,
        activity: activity.id,
        message: `${activity.name} has nothing to throw again: no catch and no error transition leads to it`,
        fix: 'Put it behind a Catch, or use Throw.',
      };
    }
  },
};
