import { readProject } from '../../engine/model/project-files.ts';
import type { ProjectSnapshot } from '../../engine/studio/contract.ts';
import { placeUnplaced } from '../commands/edits/place-unplaced.ts';
import { emptySelection } from './session-slice.ts';
import type { StudioStore } from './studio-store.ts';

/** Shows the project in a snapshot of a folder, or why its files cannot be read. The process on the canvas stays when it is still there. */
export function openSnapshot(store: StudioStore, snapshot: ProjectSnapshot): void {
  const read = readProject(new Map(Object.entries(snapshot.files)));
  if (!read.ok) {
    store.setState({ unreadable: { path: snapshot.path, problems: read.error }, project: null, activeProcess: null });
    return;
  }
  // A part of opening, not an edit: places are written to disk only with something that the user changes.
  const project = placeUnplaced(read.value);
  const { activeProcess } = store.getState();
  const isStillThere = activeProcess !== null && activeProcess in project.processes;
  store.getState().openProject(project, snapshot.path, snapshot.revision);
  store.setState({
    activeProcess: isStillThere ? activeProcess : (Object.keys(project.processes)[0] ?? null),
    selection: emptySelection,
    selectedResource: null,
    problems: [],
    severities: new Map(),
  });
}
