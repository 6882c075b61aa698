import type { Process, Project } from '../../engine/model/document.ts';

/**
 * A rule that holds after every edit: gets the document before the edit and after it, and returns the document as it must
 * be. Runs inside the same undo step. Returns `after` itself when there is nothing to do.
 */
export type Behavior = (before: Project, after: Project) => Project;

/** Applies a rule to each process that the edit touched; `before` is undefined for a new process. */
export function perProcess(rule: (before: Process | undefined, after: Process) => Process): Behavior {
  return (before, after) => {
    if (before.processes === after.processes) return after;
    let processes = after.processes;
    for (const [id, process] of Object.entries(after.processes)) {
      if (before.processes[id] === process) continue;
      const ruled = rule(before.processes[id], process);
      if (ruled !== process) processes = { ...processes, [id]: ruled };
    }
    return processes === after.processes ? after : { ...after, processes };
  };
}
