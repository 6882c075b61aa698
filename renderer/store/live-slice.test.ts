import { expect, it } from 'vitest';
import { createFakeStudio, sampleSnapshot } from '../../test/kit/designer/fake-studio.ts';
import { noFiles } from '../../test/kit/designer/no-files.ts';
import { followStudio } from './follow-studio.ts';
import { idleRun } from './live-slice.ts';
import { openSnapshot } from './open-snapshot.ts';
import { createStudioStore } from './studio-store.ts';

const counts = (completed: number) => ({
  main: { activities: {}, transitions: {}, jobs: { active: 0, completed, failed: 0 } },
});

function openStore() {
  const studio = createFakeStudio();
  const store = createStudioStore({ client: studio.client, palette: new Map(), files: noFiles });
  followStudio(store);
  const show = (path: string) => openSnapshot(store, { ...sampleSnapshot(), path });
  const running = (project: string, runId: string) =>
    studio.emit('run.status', { ...idleRun, project, runId, state: 'running' });
  return { studio, store, show, running };
}

it('shows what runs in the project that the window shows, and nothing of another one', () => {
  const { studio, store, show, running } = openStore();
  show('/a');
  running('/a', 'run-a');
  studio.emit('run.counts', { project: '/a', counts: counts(6_000) });
  studio.emit('run.log', { project: '/a', atMs: 1, level: 'info', message: 'of a', fields: {} });
  show('/b');
  expect(store.getState()).toMatchObject({ run: { state: 'idle' }, counts: {}, log: [] });
  // What was on its way when the window went to another project.
  studio.emit('run.counts', { project: '/a', counts: counts(7_000) });
  running('/b', 'run-b');
  studio.emit('run.log', { project: '/a', atMs: 2, level: 'info', message: 'more of a', fields: {} });
  expect(store.getState()).toMatchObject({ run: { runId: 'run-b' }, counts: {}, log: [] });
  show('/a');
  expect(store.getState()).toMatchObject({ run: { runId: 'run-a' }, counts: counts(7_000) });
  expect(store.getState().log.map(({ id, message }) => [id, message])).toEqual([
    [1, 'of a'],
    [2, 'more of a'],
  ]);
});

it('takes what the studio says of a project before the window has opened it', () => {
  const { store, show, running } = openStore();
  show('/a');
  running('/b', 'run-b');
  expect(store.getState().run.state).toBe('idle');
  show('/b');
  expect(store.getState().run.runId).toBe('run-b');
});
