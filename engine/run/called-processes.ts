import type { ActivityCatalog } from '../model/activity-catalog.ts';
import { constructOf } from '../model/activity-catalog.ts';
import { calledProcess, isSubprocess } from '../model/called-process.ts';
import type { Process, Project } from '../model/document.ts';
import { isSwitchedOff } from '../model/scopes.ts';

/**
 * The processes that some processes call, and those that these call: found by the names in their settings. Where one calls a process that
 * data names, all that can be called.
 */
export function calledBy(chosen: readonly Process[], project: Project, catalog: ActivityCatalog): readonly Process[] {
  const found = new Set<Process>();
  const ways = [...chosen];
  const add = (process: Process | undefined) => {
    if (!process || found.has(process)) return;
    found.add(process);
    ways.push(process);
  };
  for (const process of ways)
    for (const activity of Object.values(process.activities)) {
      if (constructOf(catalog.get(activity.type)) !== 'call' || isSwitchedOff(process, activity.id)) continue;
      if (activity.config.byName !== true) add(calledProcess(activity, { processes: project.processes, catalog }));
      else for (const each of Object.values(project.processes)) if (isSubprocess(each, catalog)) add(each);
    }
  return [...found];
}
