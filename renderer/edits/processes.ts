import type { Process, ProcessId } from '../../engine/model/document.ts';
import { withEntry } from './change-activity.ts';
import type { Edit } from './edit.ts';

/** Adds an empty process. */
export function addProcess(id: ProcessId, name: string): Edit {
  const process: Process = { id, name, activities: {}, transitions: [], layout: { positions: {} } };
  return (project) => ({ ...project, processes: { ...project.processes, [id]: process } });
}

/** Gives a process another shown name; its file keeps its name. */
export function renameProcess(id: ProcessId, name: string): Edit {
  return (project) => {
    const process = project.processes[id];
    if (process === undefined || name.trim() === '') return project;
    return { ...project, processes: { ...project.processes, [id]: { ...process, name: name.trim() } } };
  };
}

/** Changes what a process says about itself. */
export function describeProcess(id: ProcessId, text: string): Edit {
  return (project) => {
    const process = project.processes[id];
    if (process === undefined) return project;
    const { description: _old, ...rest } = process;
    const described = text === '' ? rest : { ...rest, description: text };
    return { ...project, processes: { ...project.processes, [id]: described } };
  };
}

/** Removes a process with all that is in it. */
export function removeProcess(id: ProcessId): Edit {
  return (project) => ({ ...project, processes: withEntry(project.processes, id, undefined) });
}
