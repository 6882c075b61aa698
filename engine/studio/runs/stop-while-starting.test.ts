import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openWindow } from '../../../test/kit/studio-window.ts';
import { until } from '../../../test/kit/until.ts';
import type { Studio } from '../main.ts';
import { startStudio } from '../main.ts';

let folder: string;
let studio: Studio;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'stop-test-'));
  studio = await startStudio({ port: 0, rendererFolder: folder, userFolder: join(folder, 'home') });
});

afterAll(async () => {
  await studio.stop();
  rmSync(folder, { recursive: true, force: true });
});

const process = {
  ...{ format: 1, name: 'Main', transitions: [{ id: 't', from: 'tick', to: 'shape', kind: 'success' }] },
  activities: {
    tick: { name: 'Tick', type: 'general.timer', config: { intervalMs: 1 }, input: {} },
    shape: { name: 'Shape', type: 'general.mapper', config: {}, input: { value: 'tick.count' } },
  },
};

it.each([0, 50, 150, 300, 450, 600])(
  '74: a run that is stopped %i ms after its start stands still',
  async (afterMs) => {
    const window = await openWindow(studio);
    const { files } = await window.call('project.create', { path: join(folder, `p${afterMs}`), name: 'P' });
    let completed = 0;
    window.on('run.counts', ({ counts }) => {
      completed = counts.main?.jobs.completed ?? completed;
    });
    const started = window.call('run.start', {
      files: { ...files, 'processes/main.process.json': JSON.stringify(process) },
    });
    const moment = performance.now() + afterMs;
    await until('the moment has come', () => performance.now() >= moment);
    const stopped = await window.call('run.stop', {});
    expect(stopped).toMatchObject({ state: 'stopped', failure: null });
    expect(await started).toMatchObject({ state: expect.stringMatching(/^(running|stopped)$/) });
    // What the run still has to say is said before it answers; a ghost would have made hundreds of jobs by then.
    const jobs = await window.call('run.jobs', {});
    const atStop = completed;
    for (let asked = 0; asked < 20; asked++) expect(await window.call('run.jobs', {})).toEqual(jobs);
    expect(completed).toBe(atStop);
    window.close();
  },
);
