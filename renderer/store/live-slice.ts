import type { StateCreator } from 'zustand/vanilla';
import type { ClusterStatus, ProcessCounts, RunStatus, TopicSummary } from '../../engine/studio/contract.ts';
import type { StudioPayload } from './client.ts';
import type { StudioState } from './studio-store.ts';

/** One line of the run's log, with a number of its own. */
export type LogLine = StudioPayload<'run.log'> & { readonly id: number };

/** Log lines kept in the window; older ones go. */
export const logLinesMax = 2000;

/** Projects whose run is remembered while the window shows another one; older ones go. */
const elsewhereMax = 8;

/** What runs, or ran, in one project, as far as this window has heard. */
export interface ProjectLive {
  readonly run: RunStatus;
  /** Per process, of the current or last run. */
  readonly counts: Readonly<Record<string, ProcessCounts>>;
  readonly log: readonly LogLine[];
}

/** What the studio pushes. Never saved; only the bridge's listener writes it. */
export interface LiveSlice extends ProjectLive {
  /** `lost` is tried again; `refused` is for good: the page is of a studio that has ended. */
  readonly connection: 'connecting' | 'open' | 'lost' | 'refused';
  readonly studioVersion: string | null;
  readonly cluster: ClusterStatus;
  readonly topics: readonly TopicSummary[];
  /** Of projects that this window does not show, by path: run, counts and log above are of the one that it does. */
  readonly elsewhere: Readonly<Record<string, ProjectLive>>;
  readonly setLive: (part: Partial<Pick<LiveSlice, 'connection' | 'studioVersion' | 'cluster' | 'topics'>>) => void;
  /** Takes what the studio, or a command, says of the run of a project; null stands for the one that is shown. */
  readonly hear: (project: string | null, part: Partial<ProjectLive>) => void;
  /** Puts away what was heard of the project shown so far, and takes out what was heard of `project`. */
  readonly showLive: (project: string) => void;
  readonly addLogLines: (lines: readonly StudioPayload<'run.log'>[]) => void;
  readonly clearLog: () => void;
}

/** No run yet. */
export const idleRun: RunStatus = {
  ...{ project: null, state: 'idle', runId: null },
  ...{ processes: [], processStates: {}, failure: null },
};

const nothingHeard: ProjectLive = { run: idleRun, counts: {}, log: [] };

/** With what was heard of `project`, as the newest, within the bound. */
function remember(elsewhere: LiveSlice['elsewhere'], project: string, live: ProjectLive): LiveSlice['elsewhere'] {
  const others = Object.entries(elsewhere).filter(([path]) => path !== project);
  return Object.fromEntries([...others, [project, live] as const].slice(-elsewhereMax));
}

/** Creates the live slice. */
export const createLiveSlice: StateCreator<StudioState, [], [], LiveSlice> = (set, get) => ({
  connection: 'connecting',
  studioVersion: null,
  ...nothingHeard,
  elsewhere: {},
  cluster: { state: 'none', bootstrap: null, brokers: [] },
  topics: [],
  setLive: (part) => set(part),
  hear: (project, part) => {
    const { projectPath, elsewhere } = get();
    if (project === null || project === projectPath) set(part);
    else set({ elsewhere: remember(elsewhere, project, { ...nothingHeard, ...elsewhere[project], ...part }) });
  },
  showLive: (project) => {
    const { projectPath, elsewhere, run, counts, log } = get();
    if (project === projectPath) return;
    const kept = projectPath === null ? elsewhere : remember(elsewhere, projectPath, { run, counts, log });
    set({ ...nothingHeard, ...kept[project], elsewhere: kept });
  },
  addLogLines: (lines) => {
    // Without Map.groupBy, which the oldest browsers that we build for lack.
    for (const project of new Set(lines.map((line) => line.project))) {
      const added = lines.filter((line) => line.project === project);
      const { projectPath, elsewhere, log: shown, hear } = get();
      const log = project === projectPath ? shown : (elsewhere[project]?.log ?? []);
      const next = (log.at(-1)?.id ?? 0) + 1;
      const numbered = added.map((line, index) => ({ ...line, id: next + index }));
      hear(project, { log: [...log, ...numbered].slice(-logLinesMax) });
    }
  },
  clearLog: () => set({ log: [] }),
});
