import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { openWindow } from '../../../test/kit/studio-window.ts';
import { until } from '../../../test/kit/until.ts';
import type { RunCounts } from '../../run/run-contract.ts';
import type { Studio } from '../main.ts';
import { startStudio } from '../main.ts';
import { keptRunsMax } from './project-runs.ts';
import type { FakeRun } from './testing/fake-run.ts';
import { fakeSpawn } from './testing/fake-run.ts';

type Window = Awaited<ReturnType<typeof openWindow>>;

let folder: string;
let studio: Studio;
let children: FakeRun[];

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'runs-test-'));
  children = [];
  studio = await startStudio({
    ...{ port: 0, rendererFolder: folder, userFolder: join(folder, 'home') },
    spawnRun: fakeSpawn(children, (run, asked) => {
      run.jobs = [job(run.request!.projectFolder)];
      run.tell(asked === 'start' ? 'running' : 'stopped');
    }),
  });
});

afterEach(async () => {
  await studio.stop();
  rmSync(folder, { recursive: true, force: true });
});

function job(origin: string) {
  const times = { startedAtMs: 1, durationMs: 1, record: null, failure: null };
  return { id: 'main-1', process: 'main', state: 'completed' as const, origin, ...times };
}

const counted = (completed: number): RunCounts => ({
  main: { activities: {}, transitions: {}, jobs: { active: 0, completed, failed: 0 } },
});

/** A window that shows the project `name`, which is made when it is not there, and notes every event of a run. */
async function show(name: string) {
  const window = await openWindow(studio);
  const heard: string[] = [];
  window.on('run.status', ({ project, state }) => heard.push(`${project?.split('/').at(-1)} ${state}`));
  window.on('run.counts', ({ project, counts }) =>
    heard.push(`${project.split('/').at(-1)} counts ${counts.main?.jobs.completed ?? 'none'}`),
  );
  window.on('run.log', ({ project, message }) => heard.push(`${project.split('/').at(-1)} log ${message}`));
  const { files } = await open(window, name);
  return { window, heard, files, start: () => window.call('run.start', { files }) };
}

async function open(window: Window, name: string) {
  const path = join(folder, name);
  return window.call('project.open', { path }).catch(() => window.call('project.create', { path, name }));
}

it('runs two projects with the same process side by side, and neither window hears, stops or sees the other one', async () => {
  const [a, b] = [await show('a'), await show('b')];
  expect(await a.start()).toMatchObject({ project: join(folder, 'a'), state: 'running', runId: 'run-0' });
  children[0]!.emit('counts', counted(6_000));
  const line = { atMs: 1, level: 'info' as const, message: 'hello', fields: {} };
  children[0]!.emit('log', [line]);
  expect((await b.window.call('session.hello', { projectPath: join(folder, 'b') })).run.state).toBe('idle');
  expect(await b.window.call('run.jobs', {})).toEqual([]);
  expect(await b.window.call('run.stop', {})).toMatchObject({ project: join(folder, 'b'), state: 'idle' });
  expect(children[0]!.asked).toEqual(['start']);

  expect(await b.start()).toMatchObject({ project: join(folder, 'b'), state: 'running', runId: 'run-1' });
  expect(children.map(({ request }) => request?.projectFolder)).toEqual([join(folder, 'a'), join(folder, 'b')]);
  children[1]!.emit('counts', counted(1));
  expect(await b.window.call('run.stop', {})).toMatchObject({ state: 'stopped', runId: 'run-1' });
  expect(await a.window.call('run.jobs', {})).toMatchObject([{ origin: join(folder, 'a') }]);
  expect((await a.window.call('session.hello', { projectPath: join(folder, 'a') })).counts).toEqual(counted(6_000));

  await until('both have heard all', () => a.heard.length >= 6 && b.heard.includes('b stopped'));
  expect(a.heard).toEqual(['a idle', 'a counts none', 'a starting', 'a running', 'a counts 6000', 'a log hello']);
  expect(b.heard).toEqual([
    ...['b idle', 'b counts none', 'b starting', 'b running', 'b counts 1', 'b stopping', 'b stopped'],
  ]);
  a.window.close();
  b.window.close();
});

it('shows two windows of one project the same run, and lets either stop it', async () => {
  const [first, second] = [await show('a'), await show('a')];
  await first.start();
  await expect(second.start()).rejects.toMatchObject({ code: 'RUN_ACTIVE' });
  children[0]!.emit('counts', counted(3));
  await until('the second window hears', () => second.heard.includes('a counts 3'));
  expect(await second.window.call('run.stop', {})).toMatchObject({ state: 'stopped' });
  await until('the first window hears', () => first.heard.at(-1) === 'a stopped');
  first.window.close();
  second.window.close();
});

it('tells a window that goes from one project to another how the run of that one stands', async () => {
  const a = await show('a');
  await a.start();
  children[0]!.emit('counts', counted(3));
  await open(a.window, 'b');
  await until('it hears of b', () => a.heard.includes('b counts none'));
  children[0]!.emit('counts', counted(4));
  await open(a.window, 'a');
  await until('it hears of a', () => a.heard.at(-1) === 'a counts 4');
  expect(a.heard.slice(-4)).toEqual(['b idle', 'b counts none', 'a running', 'a counts 4']);
  a.window.close();
});

it('keeps the processes of a few runs that have ended, and never ends one that runs', async () => {
  const windows: Awaited<ReturnType<typeof show>>[] = [];
  for (let index = 0; index < keptRunsMax + 3; index++) {
    const shown = await show(`p${index}`);
    windows.push(shown);
    await shown.start();
    if (index > 0) await shown.window.call('run.stop', {});
  }
  const killed = children.map(({ isKilled }) => isKilled);
  expect(killed).toEqual([false, true, ...Array.from({ length: keptRunsMax + 1 }, () => false)]);
  expect(await windows[1]!.window.call('run.jobs', {})).toEqual([]);
  for (const { window } of windows) window.close();
});
