import type { Project } from '../../engine/model/document.ts';
import type { SessionSlice } from './session-slice.ts';

type Pointers = Pick<SessionSlice, 'activeProcess' | 'selection' | 'selectedResource'>;

/** What the session points at, without what a document no longer has: an undo may take away the very process on the canvas. */
export function survivingSession(
  project: Project,
  { activeProcess, selection, selectedResource }: Pointers,
): Partial<Pointers> {
  const open = activeProcess !== null && Object.hasOwn(project.processes, activeProcess) ? activeProcess : null;
  const shown = open ?? Object.keys(project.processes)[0] ?? null;
  const process = shown === null ? undefined : project.processes[shown];
  // What is marked is marked in the process that was shown: another one may have the same ids.
  const marked = shown === activeProcess ? process : undefined;
  const activities = selection.activities.filter((id) => marked !== undefined && Object.hasOwn(marked.activities, id));
  const transitions = selection.transitions.filter((id) => marked?.transitions.some((wire) => wire.id === id));
  const isWhole =
    activities.length === selection.activities.length && transitions.length === selection.transitions.length;
  return {
    activeProcess: shown,
    ...(isWhole ? {} : { selection: { activities, transitions } }),
    ...(selectedResource !== null && !(selectedResource in project.resources) ? { selectedResource: null } : {}),
  };
}
