import type { StateCreator } from 'zustand/vanilla';
import { applyDiff, diff, reverseDiff } from '../../engine/model/diff.ts';
import type { Project } from '../../engine/model/document.ts';
import type { ProjectProblem } from '../../engine/model/problem.ts';
import type { ProjectSnapshot } from '../../engine/studio/contract.ts';
import { applyBehaviors } from '../behaviors/behaviors.ts';
import type { Edit } from '../edits/edit.ts';
import type { History } from './history.ts';
import {
  currentVersion,
  emptyHistory,
  joinableEntry,
  pushEntry,
  replaceLast,
  stepBack,
  stepForward,
} from './history.ts';
import type { StudioState } from './studio-store.ts';
import { survivingSession } from './surviving-session.ts';

/** The open project. Only edits change it; all of it is saved and undoable. */
export interface DocumentSlice {
  readonly project: Project | null;
  /** Folder of the project. */
  readonly projectPath: string | null;
  /** The studio's name for the files as they are on disk. */
  readonly revision: string | null;
  readonly history: History;
  readonly savedVersion: number;
  readonly isSaving: boolean;
  /** What stands on disk when it differs from what this window opened or saved. */
  readonly changedOnDisk: ProjectSnapshot | null;
  /** Why the files of the folder could not be read as a project. */
  readonly unreadable: { readonly path: string; readonly problems: readonly ProjectProblem[] } | null;
  /** Shows a project as it was read from disk; the history starts anew. */
  readonly openProject: (project: Project, path: string, revision: string) => void;
  /** Lets go of the document: the files at `path` are no project that can be shown. */
  readonly leaveProject: (path: string, revision: string) => void;
  /** Changes the document as one undo step, with the behaviours that follow. Returns whether anything changed. */
  readonly edit: (label: string, change: Edit, squashKey?: string) => boolean;
  readonly undo: () => void;
  readonly redo: () => void;
  /** Ends a run of edits that would become one step (focus left the field). */
  readonly endSquash: () => void;
  /** Notes that `version` of the document is what stands on disk now. */
  readonly markSaved: (version: number, revision: string) => void;
}

/** What can be told of the document that is open, and goes with it. */
const ofDocument = ['disk', 'save', 'start'] as const;

const untouched = { history: emptyHistory, savedVersion: 0, changedOnDisk: null, unreadable: null };

/** Creates the document slice. */
export const createDocumentSlice: StateCreator<StudioState, [], [], DocumentSlice> = (set, get) => ({
  project: null,
  projectPath: null,
  revision: null,
  history: emptyHistory,
  savedVersion: 0,
  isSaving: false,
  changedOnDisk: null,
  unreadable: null,
  openProject: (project, projectPath, revision) => {
    // What was told of the files of the project before would be taken for news of this one, and its buttons would act on this one.
    for (const about of ofDocument) get().dismissNoticesAbout(about);
    set({ ...untouched, project, projectPath, revision });
  },
  leaveProject: (projectPath, revision) => {
    for (const about of ofDocument) get().dismissNoticesAbout(about);
    set({ ...untouched, project: null, projectPath, revision });
  },
  edit: (label, change, squashKey) => {
    const { project: before, history } = get();
    if (before === null) return false;
    const changed = change(before);
    const after = changed === before ? before : applyBehaviors(before, changed);
    const step = diff(before, after);
    if (step.length === 0) return false;
    const joined = joinableEntry(history, squashKey);
    if (joined === undefined) {
      set({
        ...survivingSession(after, get()),
        project: after,
        history: pushEntry(history, { label, diff: step, squashKey }),
      });
      return true;
    }
    const start = applyDiff(before, reverseDiff(joined.diff));
    set({ project: after, history: replaceLast(history, { label, diff: diff(start, after), squashKey }) });
    return true;
  },
  undo: () => {
    const { project, history } = get();
    const last = history.past.at(-1);
    if (project === null || last === undefined) return;
    const before = applyDiff(project, reverseDiff(last.diff));
    set({ ...survivingSession(before, get()), project: before, history: stepBack(history) });
  },
  redo: () => {
    const { project, history } = get();
    const next = history.future[0];
    if (project === null || next === undefined) return;
    const after = applyDiff(project, next.diff);
    set({ ...survivingSession(after, get()), project: after, history: stepForward(history) });
  },
  endSquash: () => {
    const { history } = get();
    const last = history.past.at(-1);
    if (last?.squashKey === undefined) return;
    set({ history: { ...history, past: [...history.past.slice(0, -1), { ...last, squashKey: undefined }] } });
  },
  markSaved: (version, revision) => set({ savedVersion: version, revision, changedOnDisk: null }),
});

/** True when the document differs from what was opened or saved last. */
export function isDirty(state: DocumentSlice): boolean {
  return currentVersion(state.history) !== state.savedVersion;
}
