import { constructOf } from '../activity-catalog.ts';
import { calledProcess, isSubprocess } from '../called-process.ts';
import type { Rule } from './rule.ts';
import { eachActivity } from './rule.ts';

/** A call names a process of the project that begins with a Start. */
export const calledProcessMissing: Rule = {
  code: 'CALLED_PROCESS_MISSING',
  *check({ project, catalog }) {
    for (const { process, activity } of eachActivity(project)) {
      if (constructOf(catalog.get(activity.type)) !== 'call') continue;
      const { process: name } = activity.config;
      const place = { process: process.id, activity: activity.id, field: 'config.process' };
      if (typeof name !== 'string' || name === '') continue;
      const called = Object.hasOwn(project.processes, name) ? project.processes[name] : undefined;
      if (!called)
        yield {
          ...place,
          message: `${activity.name} calls ${name}, which is not in the project`,
          fix: 'Choose another process.',
        };
      else if (!isSubprocess(called, catalog))
        yield {
          ...place,
          message: `${activity.name} calls ${called.name}, which does not begin with a Start`,
          fix: `Begin ${called.name} with a Start, or choose another process.`,
        };
      else if (calledProcess(activity, { processes: project.processes, catalog }) === process && process.id === name)
        yield {
          ...place,
          severity: 'warning',
          message: `${activity.name} calls the process that it stands in; calls may stand 64 deep in one another`,
          fix: 'See to it that a condition ends it.',
        };
    }
  },
};
