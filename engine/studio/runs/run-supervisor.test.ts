import { describe, expect, it } from 'vitest';
import { ManualClock } from '../../base/testing/manual-clock.ts';
import type { RunStatus } from '../contract.ts';
import type { LogLine, RunRequest, ToRun } from './run-messages.ts';
import { RunSupervisor } from './run-supervisor.ts';
import type { RunChildEvents } from './spawn-run.ts';

const request: RunRequest = {
  projectFolder: '/p',
  files: {},
  processes: [],
  profile: undefined,
  skipRecords: [],
  clusterAddress: undefined,
};
const status = (state: RunStatus['state']): Omit<RunStatus, 'project'> => ({
  state,
  runId: 'run-1',
  processes: ['main'],
  processStates: { main: state === 'stopped' ? 'stopped' : 'running' },
  failure: null,
});

function supervise() {
  const clock = new ManualClock();
  const children: { events: RunChildEvents; sent: ToRun[]; isKilled: boolean }[] = [];
  const states: string[] = [];
  const lines: LogLine[] = [];
  const supervisor = new RunSupervisor(
    '/p',
    (events) => {
      const child = { events, sent: [] as ToRun[], isKilled: false };
      children.push(child);
      return {
        send: (message) => child.sent.push(message),
        kill: () => {
          child.isKilled = true;
        },
      };
    },
    clock,
    { status: ({ state }) => states.push(state), counts: () => {}, log: (line) => lines.push(line) },
  );
  return { supervisor, clock, children, states };
}

describe('RunSupervisor', () => {
  it('starts a run in a process of its own and refuses a second one', async () => {
    const { supervisor, children, states } = supervise();
    const started = supervisor.start(request);
    expect(children[0]!.sent).toEqual([{ kind: 'start', request }]);
    await expect(supervisor.start(request)).rejects.toMatchObject({ code: 'RUN_ACTIVE' });
    children[0]!.events.message({ kind: 'status', status: status('running') });
    expect((await started).state).toBe('running');
    expect(states).toEqual(['starting', 'running']);
  });

  it('rejects the start with what kept the run from starting', async () => {
    const { supervisor, children } = supervise();
    const started = supervisor.start(request);
    children[0]!.events.message({
      kind: 'refused',
      error: { code: 'PROJECT_INVALID', message: 'a field is empty', retriable: false, details: {} },
    });
    await expect(started).rejects.toMatchObject({ code: 'PROJECT_INVALID', message: 'a field is empty' });
    expect(supervisor.status).toMatchObject({ state: 'failed', failure: { code: 'PROJECT_INVALID' } });
  });

  it('turns a crash of the process into a status with its reason', async () => {
    const { supervisor, children } = supervise();
    const started = supervisor.start(request);
    children[0]!.events.message({ kind: 'status', status: status('running') });
    await started;
    const question = supervisor.job('1');
    children[0]!.events.exit('was ended by SIGKILL');
    expect(supervisor.status).toMatchObject({
      state: 'failed',
      processStates: { main: 'failed' },
      failure: { code: 'RUN_PROCESS_ENDED', message: 'the process of the run was ended by SIGKILL' },
    });
    await expect(question).rejects.toMatchObject({ code: 'JOB_GONE' });
    expect(await supervisor.jobs({ limit: 10 })).toEqual([]);
  });

  it('stops in order, and keeps the process for its jobs', async () => {
    const { supervisor, children } = supervise();
    void supervisor.start(request);
    children[0]!.events.message({ kind: 'status', status: status('running') });
    const stopped = supervisor.stop();
    expect(children[0]!.sent.at(-1)).toEqual({ kind: 'stop' });
    children[0]!.events.message({ kind: 'status', status: status('stopped') });
    expect((await stopped).state).toBe('stopped');
    expect(children[0]!.isKilled).toBe(false);
    const jobs = supervisor.jobs({ limit: 5 });
    children[0]!.events.message({ kind: 'answer', id: 1, value: [] });
    expect(await jobs).toEqual([]);
    void supervisor.start(request);
    expect(children[0]!.isKilled).toBe(true);
  });

  it('74: stays at stopping when the run tells late that it starts', async () => {
    const { supervisor, children, states } = supervise();
    const started = supervisor.start(request);
    const stopped = supervisor.stop();
    children[0]!.events.message({ kind: 'status', status: status('starting') });
    children[0]!.events.message({ kind: 'status', status: status('running') });
    expect(states).toEqual(['starting', 'stopping']);
    children[0]!.events.message({ kind: 'status', status: status('stopped') });
    expect([(await started).state, (await stopped).state]).toEqual(['stopped', 'stopped']);
  });

  it('kills a run that does not stop, and says so', async () => {
    const { supervisor, children, clock } = supervise();
    void supervisor.start(request);
    children[0]!.events.message({ kind: 'status', status: status('running') });
    const stopped = supervisor.stop();
    clock.advance(20_000);
    expect(await stopped).toMatchObject({ state: 'failed', failure: { code: 'RUN_STOP_TIMEOUT' } });
    expect(children[0]!.isKilled).toBe(true);
  });
});
