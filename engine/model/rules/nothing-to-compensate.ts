import type { ActivityCatalog } from '../activity-catalog.ts';
import { constructOf } from '../activity-catalog.ts';
import type { Process } from '../document.ts';
import { parentOf, withInside } from '../scopes.ts';
import type { Rule } from './rule.ts';
import { eachActivity, nameOf } from './rule.ts';

/** A Compensate undoes scopes beside it: one of them has a compensation, or one that is called does. */
export const nothingToCompensate: Rule = {
  code: 'NOTHING_TO_COMPENSATE',
  *check({ project, catalog }) {
    for (const { process, activity } of eachActivity(project)) {
      if (constructOf(catalog.get(activity.type)) !== 'compensate') continue;
      const scope = parentOf(process, activity.id);
      if (canUndo(process, scope, catalog)) continue;
      yield {
        process: process.id,
        activity: activity.id,
        severity: 'warning',
        message: `${activity.name} has nothing to undo: no scope in ${scope === undefined ? process.name : nameOf(process, scope)} has a compensation`,
        fix: 'Drag a Compensation into the scope that is to be undone.',
      };
    }
  },
};

function canUndo(process: Process, scope: string | undefined, catalog: ActivityCatalog): boolean {
  const ids = scope === undefined ? Object.keys(process.activities) : withInside(process, [scope]);
  return ids.some((id) => {
    const construct = constructOf(catalog.get(process.activities[id]?.type ?? ''));
    return construct === 'call' || (construct === 'compensation' && parentOf(process, id) !== scope);
  });
}
