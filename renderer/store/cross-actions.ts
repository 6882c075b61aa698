import type { Project } from '../../engine/model/document.ts';
import type { Problem, ProjectProblem } from '../../engine/model/problem.ts';
import type { Edit } from '../edits/edit.ts';
import type { StudioPayload } from './client.ts';
import type { DocumentSlice, Step } from './document-slice.ts';
import { edited, openedDocument, redone, undone } from './document-slice.ts';
import type { LiveSlice, ProjectLive } from './live-slice.ts';
import { heard, liveOf, longerLog } from './live-slice.ts';
import type { NoticeSlice } from './notice-slice.ts';
import type { SessionSlice } from './session-slice.ts';
import { emptySelection } from './session-slice.ts';
import { survivingSession } from './surviving-session.ts';

/** What can be told of the document that is open, and goes with it. */
const ofDocument = ['disk', 'save', 'start'] as const;

type Slices = DocumentSlice & SessionSlice & NoticeSlice & LiveSlice;

/** What concerns more than one slice: each is one change of the state, so that nobody sees the half of it. */
export interface CrossActions {
  /** Changes the document as one undo step, with the behaviours that follow. Returns whether anything changed. */
  readonly edit: (label: string, change: Edit, squashKey?: string) => boolean;
  readonly undo: () => void;
  readonly redo: () => void;
  /** Shows a project as it was read from disk; the history starts anew, the process on the canvas stays when it is still there. */
  readonly openProject: (project: Project, path: string, revision: string) => void;
  /** Lets go of the document: says why the files at `path` are no project that can be shown. */
  readonly showUnreadable: (path: string, revision: string, problems: readonly ProjectProblem[]) => void;
  /** Takes what validation says of the document; a start that was refused for errors is told of no longer than there are some. */
  readonly setProblems: (problems: readonly Problem[]) => void;
  /** Takes what the studio, or a command, says of the run of a project; null stands for the one that is shown. */
  readonly hear: (project: string | null, part: Partial<ProjectLive>) => void;
  readonly addLogLines: (lines: readonly StudioPayload<'run.log'>[]) => void;
}

/** Creates the actions over all slices. */
export function createCrossActions(set: (part: Partial<Slices>) => void, get: () => Slices): CrossActions {
  const go = (step: Step | undefined): boolean => {
    if (step === undefined) return false;
    set({ ...survivingSession(step.project, get()), ...step });
    return true;
  };
  // What was told of the files of the project before would be taken for news of this one, and its buttons would act on this one.
  const forget = () => {
    for (const about of ofDocument) get().dismissNoticesAbout(about);
  };
  const hear: CrossActions['hear'] = (project, part) => set(heard(get(), get().projectPath, project, part));
  return {
    edit: (label, change, squashKey) => go(edited(get(), label, change, squashKey)),
    undo: () => void go(undone(get())),
    redo: () => void go(redone(get())),
    openProject: (project, path, revision) => {
      forget();
      set({
        ...liveOf(get(), get().projectPath, path),
        ...openedDocument(project, path, revision),
        ...{ activeProcess: processToShow(project, get().activeProcess) },
        ...{ selection: emptySelection, selectedResource: null, problems: [], severities: new Map() },
      });
    },
    showUnreadable: (path, revision, problems) => {
      forget();
      set({
        ...liveOf(get(), get().projectPath, path),
        ...openedDocument(null, path, revision),
        ...{ unreadable: { path, problems }, activeProcess: null },
      });
    },
    setProblems: (problems) => {
      get().takeProblems(problems);
      if (!problems.some(({ severity }) => severity === 'error')) get().dismissNoticesAbout('start');
    },
    hear,
    addLogLines: (lines) => {
      // Without Map.groupBy, which the oldest browsers that we build for lack.
      for (const project of new Set(lines.map((line) => line.project))) {
        const added = lines.filter((line) => line.project === project);
        hear(project, { log: longerLog(get(), get().projectPath, project, added) });
      }
    },
  };
}

/** The one that was shown, while it is still there. */
function processToShow({ processes }: Project, shown: string | null): string | null {
  return shown !== null && Object.hasOwn(processes, shown) ? shown : (Object.keys(processes)[0] ?? null);
}
