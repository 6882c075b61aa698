import type { Project } from '../../engine/model/document.ts';
import type { Behavior } from './behavior.ts';
import { layoutFollowsActivities } from './layout-follows-activities.ts';
import { namesStayUnique } from './names-stay-unique.ts';
import { referencesFollowRename } from './references-follow-rename.ts';
import { wiresDieWithTheirActivity } from './wires-die-with-their-activity.ts';

/** All behaviours, in the order in which they run: renames first, so that nothing that was renamed counts as gone. */
export const behaviors: readonly Behavior[] = [
  referencesFollowRename,
  wiresDieWithTheirActivity,
  layoutFollowsActivities,
  namesStayUnique,
];

/** The document after an edit and everything that follows from it. */
export function applyBehaviors(before: Project, after: Project): Project {
  return behaviors.reduce((project, behavior) => behavior(before, project), after);
}
