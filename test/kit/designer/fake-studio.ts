import { writeProject } from '../../../engine/model/project-files.ts';
import type { ProjectRunStatus, ProjectSnapshot, TopicSummary } from '../../../engine/studio/contract.ts';
import type { StudioCall, StudioClient, StudioEvent } from '../../../renderer/store/client.ts';
import { sampleContext, sampleProject } from './sample-project.ts';

type Handler = (params: unknown) => unknown;

/** A studio in memory: for unit tests and for looking at the designer without a server. */
export interface FakeStudio {
  readonly client: StudioClient;
  /** Calls made so far, oldest first. */
  readonly calls: { readonly name: string; readonly params: unknown }[];
  /** Sends an event to the window. */
  emit(name: StudioEvent, payload: unknown): void;
  /** Answers a call differently from now on. */
  handle(name: StudioCall, handler: Handler): void;
}

const idle: ProjectRunStatus = {
  ...{ project: '/projects/earthquakes', state: 'idle', runId: null },
  ...{ processes: [], processStates: {}, failure: null },
};

/** Makes a studio that has the sample project open. */
export function createFakeStudio(): FakeStudio {
  const calls: { name: string; params: unknown }[] = [];
  const listeners = new Map<string, Set<(payload: never) => void>>();
  const handlers = new Map<string, Handler>(Object.entries(defaultHandlers()));
  const client: StudioClient = {
    call: async (name, params) => {
      calls.push({ name, params });
      const handler = handlers.get(name);
      if (handler === undefined) throw new Error(`the fake studio has no answer to ${name}`);
      return handler(params) as never;
    },
    on: (name, listener) => {
      const known = listeners.get(name) ?? new Set();
      listeners.set(name, known.add(listener));
      return () => known.delete(listener);
    },
  };
  return {
    client,
    calls,
    emit: (name, payload) => {
      for (const listener of listeners.get(name) ?? []) listener(payload as never);
    },
    handle: (name, handler) => handlers.set(name, handler),
  };
}

/** The sample project as the studio hands it over. */
export function sampleSnapshot(): ProjectSnapshot {
  return { path: '/projects/earthquakes', files: Object.fromEntries(writeProject(sampleProject)), revision: 'r1' };
}

function defaultHandlers(): Partial<Record<StudioCall, Handler>> {
  const brokers = [1, 2, 3].map((id) => ({
    id,
    address: `127.0.0.1:909${id}`,
    state: 'running',
    isController: id === 1,
    pid: 4000 + id,
    memoryBytes: 52_000_000,
    reason: null,
  }));
  return {
    'session.hello': () => ({
      version: '0.1.0',
      project: sampleSnapshot(),
      cluster: { state: 'running', bootstrap: '127.0.0.1:9091', brokers },
      run: idle,
      counts: {},
    }),
    'project.open': sampleSnapshot,
    'project.create': sampleSnapshot,
    'project.save': () => ({ revision: 'r2' }),
    'project.recent': () => [{ path: '/projects/earthquakes', name: 'earthquakes' }],
    'project.export': () => ({ fileName: 'earthquakes.millrace', contentBase64: '' }),
    'run.start': () => ({
      ...idle,
      state: 'running',
      runId: 'run-1',
      processes: ['triage-quakes'],
      processStates: { 'triage-quakes': 'running' },
    }),
    'run.stop': () => ({ ...idle, state: 'stopped' }),
    'run.jobs': () => [],
    'run.sample': () => ({ context: sampleContext, source: 'quakes[2] @ 1041', reason: null }),
    'resource.probe': () => ({ found: '3 brokers at 127.0.0.1:9091; controller 1' }),
    'resource.browse': () =>
      ['quakes', 'quake-alerts', 'quake-archive'].map((name) => ({ name, note: '3 partitions', isInternal: false })),
    'topics.list': () => [topic('quakes', 3), topic('quake-alerts', 3), topic('quake-archive', 1)],
  };
}

function topic(name: string, count: number): TopicSummary {
  const partitions = Array.from({ length: count }, (_, partition) => ({
    partition,
    leader: 1,
    replicas: [1, 2, 3],
    isr: [1, 2, 3],
    startOffset: 0,
    endOffset: 4200,
  }));
  return { name, id: null, isInternal: false, partitions, messageCount: 4200 * count, sizeBytes: null };
}
