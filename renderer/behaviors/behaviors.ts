import type { Project } from '../../engine/model/document.ts';
import type { Behavior } from './behavior.ts';
import { expressionsFollowScopes } from './expressions-follow-scopes.ts';
import { layoutFollowsActivities } from './layout-follows-activities.ts';
import { namesStayUnique } from './names-stay-unique.ts';
import { scopesHoldTheirActivities } from './scopes-hold-their-activities.ts';
import { wiresDieWithTheirActivity } from './wires-die-with-their-activity.ts';
import { wiresStayInTheirScope } from './wires-stay-in-their-scope.ts';

/** All behaviours, in the order in which they run. */
export const behaviors: readonly Behavior[] = [
  wiresDieWithTheirActivity,
  wiresStayInTheirScope,
  expressionsFollowScopes,
  layoutFollowsActivities,
  scopesHoldTheirActivities,
  namesStayUnique,
];

/** The document after an edit and everything that follows from it. */
export function applyBehaviors(before: Project, after: Project): Project {
  return behaviors.reduce((project, behavior) => behavior(before, project), after);
}
