import type { Activity, ActivityId, Process, ProcessId } from '../../engine/model/document.ts';
import type { Edit } from './edit.ts';

/** An edit of one process; a process that is not there is left alone. */
export function inProcess(id: ProcessId, change: (process: Process) => Process): Edit {
  return (project) => {
    const process = project.processes[id];
    if (process === undefined) return project;
    const changed = change(process);
    return changed === process ? project : { ...project, processes: { ...project.processes, [id]: changed } };
  };
}

/** An edit of one activity; an activity that is not there is left alone. */
export function inActivity(process: ProcessId, id: ActivityId, change: (activity: Activity) => Activity): Edit {
  return inProcess(process, (current) => {
    const activity = current.activities[id];
    if (activity === undefined) return current;
    const changed = change(activity);
    return changed === activity ? current : { ...current, activities: { ...current.activities, [id]: changed } };
  });
}
