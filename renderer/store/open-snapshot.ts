import type { Project } from '../../engine/model/document.ts';
import type { ProjectProblem } from '../../engine/model/problem.ts';
import { readProject } from '../../engine/model/project-files.ts';
import type { ProjectSnapshot } from '../../engine/studio/contract.ts';
import { placeUnplaced } from '../edits/place-unplaced.ts';
import { currentVersion } from './history.ts';
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

function isShown(store: StudioStore, snapshot: ProjectSnapshot): boolean {
  const { project, projectPath } = store.getState();
  return project !== null && projectPath === snapshot.path;
}

/**
 * Files that somebody is in the middle of changing, a merge perhaps, take nothing away from a window that could read them before:
 * it keeps its document and its history, and follows again once they can be read.
 */
function keepOwn(store: StudioStore, problems: readonly ProjectProblem[]): void {
  const [first] = problems;
  const where =
    first === undefined ? '' : ` (${first.file}${first.line === undefined ? '' : `:${first.line}`}: ${first.message})`;
  store.getState().notify({
    tone: 'warning',
    about: 'disk',
    text: `The project’s files cannot be read as they are on disk now${where}. This window keeps what it has.`,
  });
}

/**
 * Shows the project in a snapshot of a folder, or why its files cannot be read; true when the window shows it. The process on the
 * canvas stays when it is still there.
 */
export function openSnapshot(store: StudioStore, snapshot: ProjectSnapshot): boolean {
  const read = readProject(new Map(Object.entries(snapshot.files)));
  if (!read.ok) {
    if (isShown(store, snapshot)) keepOwn(store, read.error);
    else store.getState().showUnreadable(snapshot.path, snapshot.revision, read.error);
    return false;
  }
  // A part of opening, not an edit: places are written to disk only with something that the user changes.
  const project = placeUnplaced(read.value);
  if (isShown(store, snapshot)) takeVersion(store, project, snapshot.revision);
  else store.getState().openProject(project, snapshot.path, snapshot.revision);
  return true;
}
