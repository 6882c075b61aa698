import type { Project } from '../../engine/model/document.ts';
import { readProject } from '../../engine/model/project-files.ts';
import type { ProjectSnapshot } from '../../engine/studio/contract.ts';
import { placeUnplaced } from '../edits/place-unplaced.ts';
import { currentVersion } from './history.ts';
import { emptySelection } from './session-slice.ts';
import type { StudioStore } from './studio-store.ts';

/**
 * The same project as it stands on disk now: one step of the history, so that undo brings back what this window had. Nothing that
 * somebody made here is lost by taking what others wrote.
 */
function takeVersion(store: StudioStore, project: Project, revision: string): void {
  const { edit, endSquash, markSaved } = store.getState();
  endSquash();
  edit('Take the version on disk', () => project);
  markSaved(currentVersion(store.getState().history), revision);
}

/** Shows the project in a snapshot of a folder, or why its files cannot be read. The process on the canvas stays when it is still there. */
export function openSnapshot(store: StudioStore, snapshot: ProjectSnapshot): void {
  const read = readProject(new Map(Object.entries(snapshot.files)));
  if (!read.ok) {
    store.setState({ unreadable: { path: snapshot.path, problems: read.error }, project: null, activeProcess: null });
    return;
  }
  // A part of opening, not an edit: places are written to disk only with something that the user changes.
  const project = placeUnplaced(read.value);
  const { activeProcess, project: shown, projectPath } = store.getState();
  if (shown !== null && projectPath === snapshot.path) {
    takeVersion(store, project, snapshot.revision);
    return;
  }
  const isStillThere = activeProcess !== null && activeProcess in project.processes;
  store.getState().showLive(snapshot.path);
  store.getState().openProject(project, snapshot.path, snapshot.revision);
  store.setState({
    activeProcess: isStillThere ? activeProcess : (Object.keys(project.processes)[0] ?? null),
    selection: emptySelection,
    selectedResource: null,
    problems: [],
    severities: new Map(),
  });
}
