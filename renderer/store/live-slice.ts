import type { ClusterStatus, ProcessCounts, ProjectRunStatus, TopicSummary } from '../../engine/studio/contract.ts';
import type { StudioPayload } from './client.ts';
import type { MakeSlice } from './slice.ts';

/** One line of the run's log, with a number of its own. */
export type LogLine = StudioPayload<'run.log'> & { readonly id: number };

/** Log lines kept in the window; older ones go. */
export const logLinesMax = 2000;

/** Projects whose run is remembered while the window shows another one; older ones go. */
const elsewhereMax = 8;

/** What runs, or ran, in one project, as far as this window has heard. */
export interface ProjectLive {
  readonly run: ProjectRunStatus;
  /** Per process, of the current or last run. */
  readonly counts: Readonly<Record<string, ProcessCounts>>;
  readonly log: readonly LogLine[];
}

/** What the studio pushes. Never saved; only what follows the studio writes it. */
export interface LiveSlice extends ProjectLive {
  /** `lost` is tried again; `refused` is for good: the page is of a studio that has ended. */
  readonly connection: 'connecting' | 'open' | 'lost' | 'refused';
  readonly studioVersion: string | null;
  readonly cluster: ClusterStatus;
  readonly topics: readonly TopicSummary[];
  /** Of projects that this window does not show, by path: run, counts and log above are of the one that it does. */
  readonly elsewhere: Readonly<Record<string, ProjectLive>>;
  readonly setLive: (part: Partial<Pick<LiveSlice, 'connection' | 'studioVersion' | 'cluster' | 'topics'>>) => void;
  readonly clearLog: () => void;
}

/** No run yet. */
export const idleRun: ProjectRunStatus = {
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
export const createLiveSlice: MakeSlice<LiveSlice> = (set) => ({
  connection: 'connecting',
  studioVersion: null,
  ...nothingHeard,
  elsewhere: {},
  cluster: { state: 'none', bootstrap: null, brokers: [] },
  topics: [],
  setLive: (part) => set(part),
  clearLog: () => set({ log: [] }),
});

/** What was heard, with news of the run of a project; null stands for the project that is shown. */
export function heard(live: LiveSlice, shown: string | null, project: string | null, part: Partial<ProjectLive>) {
  if (project === null || project === shown) return part;
  const { elsewhere } = live;
  return { elsewhere: remember(elsewhere, project, { ...nothingHeard, ...elsewhere[project], ...part }) };
}

/** What was heard, when the window goes from the project `shown` to another: the one is put away, the other taken out. */
export function liveOf(live: LiveSlice, shown: string | null, project: string): Partial<LiveSlice> {
  if (project === shown) return {};
  const { elsewhere, run, counts, log } = live;
  const kept = shown === null ? elsewhere : remember(elsewhere, shown, { run, counts, log });
  return { ...nothingHeard, ...kept[project], elsewhere: kept };
}

/** The log of a project with more lines, as far as the window remembers them. */
export function longerLog(
  live: LiveSlice,
  shown: string | null,
  project: string,
  lines: readonly StudioPayload<'run.log'>[],
) {
  const log = project === shown ? live.log : (live.elsewhere[project]?.log ?? []);
  const next = (log.at(-1)?.id ?? 0) + 1;
  const numbered = lines.map((line, index) => ({ ...line, id: next + index }));
  return [...log, ...numbered].slice(-logLinesMax);
}
