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
  const activities = selection.activities.filter(
    (id) => process !== undefined && Object.hasOwn(process.activities, id),
  );
  const transitions = selection.transitions.filter((id) => process?.transitions.some((wire) => wire.id === id));
  const isWhole =
    activities.length === selection.activities.length && transitions.length === selection.transitions.length;
  return {
    activeProcess: shown,
    ...(isWhole ? {} : { selection: { activities, transitions } }),
    ...(selectedResource !== null && !(selectedResource in project.resources) ? { selectedResource: null } : {}),
  };
}
