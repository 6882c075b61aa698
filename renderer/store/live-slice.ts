import type { StateCreator } from 'zustand/vanilla';
import type { ClusterStatus, ProcessCounts, RunStatus, TopicSummary } from '../../engine/studio/contract.ts';
import type { StudioPayload } from './client.ts';
import type { StudioState } from './studio-store.ts';

/** One line of the run's log, with a number of its own. */
export type LogLine = StudioPayload<'run.log'> & { readonly id: number };

/** Log lines kept in the window; older ones go. */
export const logLinesMax = 2000;

/** What the studio pushes. Never saved; only the bridge's listener writes it. */
export interface LiveSlice {
  /** `lost` is tried again; `refused` is for good: the page is of a studio that has ended. */
  readonly connection: 'connecting' | 'open' | 'lost' | 'refused';
  readonly studioVersion: string | null;
  readonly run: RunStatus;
  /** Per process, of the current or last run. */
  readonly counts: Readonly<Record<string, ProcessCounts>>;
  readonly cluster: ClusterStatus;
  readonly topics: readonly TopicSummary[];
  readonly log: readonly LogLine[];
  readonly setLive: (part: Partial<Omit<LiveSlice, 'setLive' | 'addLogLines' | 'clearLog'>>) => void;
  readonly addLogLines: (lines: readonly StudioPayload<'run.log'>[]) => void;
  readonly clearLog: () => void;
}

/** No run yet. */
export const idleRun: RunStatus = { state: 'idle', runId: null, processes: [], processStates: {}, failure: null };

/** Creates the live slice. */
export const createLiveSlice: StateCreator<StudioState, [], [], LiveSlice> = (set, get) => ({
  connection: 'connecting',
  studioVersion: null,
  run: idleRun,
  counts: {},
  cluster: { state: 'none', bootstrap: null, brokers: [] },
  topics: [],
  log: [],
  setLive: (part) => set(part),
  addLogLines: (lines) => {
    const { log } = get();
    let id = log.at(-1)?.id ?? 0;
    const added = lines.map((line) => {
      id += 1;
      return { ...line, id };
    });
    set({ log: [...log, ...added].slice(-logLinesMax) });
  },
  clearLog: () => set({ log: [] }),
});
