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
import type { MakeSlice } from './slice.ts';

/** The open project. Only the store's `edit`, `undo` and `redo` change it; all of it is saved and undoable. */
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
  /** Ends a run of edits that would become one step (focus left the field). */
  readonly endSquash: () => void;
  /** Notes what others wrote while this window has changes that are not saved. */
  readonly noteChangeOnDisk: (snapshot: ProjectSnapshot) => void;
  /** Keeps what this window has in place of what others wrote: the next save replaces `revision`. */
  readonly keepMine: (revision: string) => void;
  readonly setSaving: (isSaving: boolean) => void;
  /** Notes that `version` of the document is what stands on disk now. */
  readonly markSaved: (version: number, revision: string) => void;
}

/** Creates the document slice. */
export const createDocumentSlice: MakeSlice<DocumentSlice> = (set, get) => ({
  project: null,
  projectPath: null,
  revision: null,
  history: emptyHistory,
  savedVersion: 0,
  isSaving: false,
  changedOnDisk: null,
  unreadable: null,
  endSquash: () => {
    const { history } = get();
    const last = history.past.at(-1);
    if (last?.squashKey === undefined) return;
    set({ history: { ...history, past: [...history.past.slice(0, -1), { ...last, squashKey: undefined }] } });
  },
  noteChangeOnDisk: (changedOnDisk) => set({ changedOnDisk }),
  keepMine: (revision) => set({ revision, changedOnDisk: null }),
  setSaving: (isSaving) => set({ isSaving }),
  markSaved: (version, revision) => set({ savedVersion: version, revision, changedOnDisk: null }),
});

/** True when the document differs from what was opened or saved last. */
export function isDirty(state: DocumentSlice): boolean {
  return currentVersion(state.history) !== state.savedVersion;
}

/** What a project as it was read from disk makes of the document, or null when its files could not be read; the history starts anew. */
export function openedDocument(project: Project | null, projectPath: string, revision: string): Partial<DocumentSlice> {
  const untouched = { history: emptyHistory, savedVersion: 0, changedOnDisk: null, unreadable: null };
  return { ...untouched, project, projectPath, revision };
}

/** A document after a step, with its history. */
export type Step = Pick<DocumentSlice, 'history'> & { readonly project: Project };

/** The document after an edit and the behaviours that follow; undefined when nothing changes. */
export function edited(document: DocumentSlice, label: string, change: Edit, squashKey?: string): Step | undefined {
  const { project: before, history } = document;
  if (before === null) return undefined;
  const changed = change(before);
  const project = changed === before ? before : applyBehaviors(before, changed);
  const step = diff(before, project);
  if (step.length === 0) return undefined;
  const joined = joinableEntry(history, squashKey);
  if (joined === undefined) return { project, history: pushEntry(history, { label, diff: step, squashKey }) };
  const start = applyDiff(before, reverseDiff(joined.diff));
  return { project, history: replaceLast(history, { label, diff: diff(start, project), squashKey }) };
}

/** The document before its newest step; undefined when there is none. */
export function undone({ project, history }: DocumentSlice): Step | undefined {
  const last = history.past.at(-1);
  if (project === null || last === undefined) return undefined;
  return { project: applyDiff(project, reverseDiff(last.diff)), history: stepBack(history) };
}

/** The document with the step that was undone last; undefined when there is none. */
export function redone({ project, history }: DocumentSlice): Step | undefined {
  const next = history.future[0];
  if (project === null || next === undefined) return undefined;
  return { project: applyDiff(project, next.diff), history: stepForward(history) };
}
