import { describe, expect, it } from 'vitest';
import { MillraceError } from '../../base/errors.ts';
import { silentLog } from '../../base/log.ts';
import { ManualClock } from '../../base/testing/manual-clock.ts';
import type { RunRequest } from '../../run/run-contract.ts';
import { RunSupervisor } from './run-supervisor.ts';
import type { FakeRun } from './testing/fake-run.ts';
import { fakeSpawn } from './testing/fake-run.ts';

const request: RunRequest = { projectFolder: '/p', files: {}, processes: [], skipRecords: [] };

function supervise() {
  const clock = new ManualClock();
  const runs: FakeRun[] = [];
  const states: string[] = [];
  const told: unknown[] = [];
  const supervisor = new RunSupervisor(
    '/p',
    { spawn: fakeSpawn(runs), clock, log: silentLog },
    {
      status: ({ state }) => states.push(state),
      counts: (counts) => told.push(counts),
      log: (line) => told.push(line),
    },
  );
  return { supervisor, clock, runs, states, told };
}

describe('RunSupervisor', () => {
  it('starts a run in a process of its own and refuses a second one', async () => {
    const { supervisor, runs, states } = supervise();
    const started = supervisor.start(request);
    expect(runs[0]!.request).toEqual(request);
    await expect(supervisor.start(request)).rejects.toMatchObject({ code: 'RUN_ACTIVE' });
    runs[0]!.tell('running');
    expect(await started).toMatchObject({ project: '/p', state: 'running', runId: 'run-0' });
    expect(states).toEqual(['starting', 'running']);
  });

  it('rejects the start with what kept the run from starting', async () => {
    const { supervisor, runs } = supervise();
    const started = supervisor.start(request);
    runs[0]!.refuse(new MillraceError('PROJECT_INVALID', 'a field is empty'));
    await expect(started).rejects.toMatchObject({ code: 'PROJECT_INVALID', message: 'a field is empty' });
    expect(supervisor.status).toMatchObject({ state: 'failed', failure: { code: 'PROJECT_INVALID' } });
  });

  it('turns a crash of the process into a status with its reason', async () => {
    const { supervisor, runs } = supervise();
    const started = supervisor.start(request);
    runs[0]!.tell('running');
    await started;
    const question = supervisor.job('slow');
    runs[0]!.exit('was ended by SIGKILL');
    const message = 'the process of the run was ended by SIGKILL';
    expect(supervisor.status).toMatchObject({
      state: 'failed',
      processStates: { main: 'failed' },
      failure: { code: 'RUN_PROCESS_ENDED', message },
    });
    await expect(question).rejects.toMatchObject({ code: 'RUN_PROCESS_ENDED', message, retriable: true });
    expect(await supervisor.jobs({ limit: 10 })).toEqual([]);
    await expect(supervisor.job('1')).rejects.toMatchObject({ code: 'JOB_GONE' });
  });

  it('rejects the start of a run whose process ends before it runs', async () => {
    const { supervisor, runs, states } = supervise();
    const started = supervisor.start(request);
    runs[0]!.exit('ended with exit code 1: SyntaxError');
    await expect(started).rejects.toMatchObject({ code: 'RUN_PROCESS_ENDED' });
    expect(states).toEqual(['starting', 'failed']);
  });

  it('stops in order, and keeps the process for its jobs', async () => {
    const { supervisor, runs } = supervise();
    void supervisor.start(request);
    runs[0]!.tell('running');
    const stopped = supervisor.stop();
    expect(runs[0]!.asked).toEqual(['start', 'stop']);
    runs[0]!.tell('stopped');
    expect((await stopped).state).toBe('stopped');
    expect(runs[0]!.isKilled).toBe(false);
    expect(await supervisor.jobs({ limit: 5 })).toEqual([]);
    await expect(supervisor.job('1')).rejects.toMatchObject({ code: 'JOB_GONE' });
    void supervisor.start(request);
    expect(runs[0]!.isKilled).toBe(true);
  });

  it('74: stays at stopping when the run tells late that it starts', async () => {
    const { supervisor, runs, states } = supervise();
    const started = supervisor.start(request);
    const stopped = supervisor.stop();
    runs[0]!.tell('starting');
    runs[0]!.tell('running');
    expect(states).toEqual(['starting', 'stopping']);
    runs[0]!.tell('stopped');
    expect([(await started).state, (await stopped).state]).toEqual(['stopped', 'stopped']);
    expect(states).toEqual(['starting', 'stopping', 'stopped']);
  });

  it('kills a run that does not stop, and says so', async () => {
    const { supervisor, runs, clock } = supervise();
    void supervisor.start(request);
    runs[0]!.tell('running');
    const stopped = supervisor.stop();
    clock.advance(20_000);
    expect(await stopped).toMatchObject({ state: 'failed', failure: { code: 'RUN_STOP_TIMEOUT' } });
    expect(runs[0]!.isKilled).toBe(true);
  });

  it('gives up a question that the run does not answer', async () => {
    const { supervisor, runs, clock } = supervise();
    void supervisor.start(request);
    runs[0]!.tell('running');
    const question = supervisor.job('slow');
    clock.advance(10_000);
    await expect(question).rejects.toMatchObject({
      code: 'CALL_TIMEOUT',
      message: 'the run did not answer "job" within 10 s',
    });
  });

  it('hears nothing of a run that it has let go', async () => {
    const { supervisor, runs, states, told } = supervise();
    void supervisor.start(request);
    runs[0]!.tell('stopped');
    void supervisor.start(request);
    const before = [...states];
    runs[0]!.tell('running');
    runs[0]!.emit('counts', {});
    runs[0]!.exit('was ended by SIGKILL');
    expect(states).toEqual(before);
    expect(told).toEqual([]);
  });
});
