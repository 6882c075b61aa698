import { expect, it } from 'vitest';
import { Bench, projectOf } from '../../test/kit/run-bench.ts';
import { silentLog } from '../base/log.ts';
import { ContractCaller } from '../rpc/contract-caller.ts';
import { channelPair } from '../rpc/testing/channel-pair.ts';
import { createRun } from './create-run.ts';
import type { RunRequest } from './run-contract.ts';
import { runContract } from './run-contract.ts';
import { RunError } from './run-error.ts';
import { serveRun } from './serve-run.ts';

const request: RunRequest = { projectFolder: '/p', files: {}, processes: ['flow'], skipRecords: [] };

/** A run that is served, and the end that asks it. Every answer and event is held against the contract there. */
function serve() {
  const bench = new Bench();
  const [ours, theirs] = channelPair();
  const stop = serveRun({
    channel: ours,
    open: ({ files, ...options }) => {
      if ('broken' in files) throw new RunError('PROJECT_INVALID', 'a file is broken');
      return createRun(projectOf({}), bench.options(options));
    },
    clock: bench.clock,
    log: silentLog,
  });
  const logged: string[] = [];
  const log = { ...silentLog, error: (message: string) => logged.push(message) };
  const run = new ContractCaller(runContract, theirs, { clock: bench.clock, log, peer: 'the run' });
  const heard: unknown[] = [];
  run.on('status', ({ state }) => heard.push(state));
  run.on('counts', ({ flow }) => heard.push(flow!.jobs));
  run.on('log', (lines) => heard.push(...lines.map(({ message }) => message)));
  return { bench, run, stop, heard, logged };
}

it('starts, tells, answers about its jobs and stops, all by its contract', async () => {
  const { bench, run, heard, logged } = serve();
  expect(await run.call('start', request)).toMatchObject({ state: 'running', processStates: { flow: 'running' } });
  bench.emit({ n: 1 });
  bench.work = () => {
    throw new Error('no');
  };
  bench.emit({ n: 2 });
  bench.clock.advance(100);
  const [failed, well] = await run.call('jobs', { process: 'flow' });
  expect([failed!.failure?.activity, well!.record]).toEqual(['map', { topic: 't', partition: 0, offset: 1 }]);
  expect(await run.call('jobs', { state: 'failed', limit: 1 })).toMatchObject([{ id: failed!.id }]);
  expect(await run.call('job', { id: well!.id })).toMatchObject({
    state: 'completed',
    activities: [
      { execution: 0, parent: null, activity: 'start', output: { n: 1 } },
      { execution: 1, parent: null, activity: 'map', output: { doubled: 2 } },
    ],
    transitions: ['start-map'],
  });
  await expect(run.call('job', { id: 'old' })).rejects.toMatchObject({ code: 'JOB_GONE' });
  await expect(run.call('start', request)).rejects.toMatchObject({ code: 'RUN_ACTIVE' });
  expect(await run.call('stop', {})).toMatchObject({ state: 'stopped' });
  expect(heard).toContainEqual({ active: 0, completed: 1, failed: 1 });
  expect(heard.filter((state) => typeof state === 'string')).toEqual(
    expect.arrayContaining(['starting', 'running', 'job failed', 'stopping', 'stopped']),
  );
  expect(logged).toEqual([]);
});

it('refuses a start with what keeps the run from it', async () => {
  const unreadable = serve();
  const start = unreadable.run.call('start', { ...request, files: { broken: '' } });
  await expect(start).rejects.toMatchObject({ code: 'PROJECT_INVALID', message: 'a file is broken' });
  const unstartable = serve();
  unstartable.bench.startFault = new RunError('NO_CLUSTER', 'no cluster');
  await expect(unstartable.run.call('start', request)).rejects.toMatchObject({ code: 'NO_CLUSTER' });
  expect(unstartable.heard).toContain('failed');
});

it('has no jobs before it has started, and stops without harm', async () => {
  const { run, stop } = serve();
  expect(await run.call('jobs', {})).toEqual([]);
  await expect(run.call('job', { id: '1' })).rejects.toMatchObject({ code: 'JOB_GONE' });
  expect(await run.call('stop', {})).toMatchObject({ state: 'idle', runId: null });
  await stop();
});
