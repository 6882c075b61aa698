import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { build } from '../../scripts/build.ts';
import { picture, startBrowser, steps, watch, whyNoBrowser } from './browser.ts';
import { openDesigner, untilRun } from './designer-actions.ts';
import { programsOf } from './processes-of.ts';
import { RunningStudio } from './running-studio.ts';

const skipped = whyNoBrowser === undefined ? '' : ` (skipped: ${whyNoBrowser})`;

/** A process whose every job fails in its second activity; it needs no cluster. */
function failingProject(): string {
  const folder = mkdtempSync(join(tmpdir(), 'millrace-e2e-'));
  const projectPath = join(folder, 'failing');
  const write = (path: string, value: unknown) => writeFileSync(join(projectPath, path), JSON.stringify(value));
  mkdirSync(join(projectPath, 'processes'), { recursive: true });
  write('millrace.json', { format: 1, name: 'Failing', version: '1.0.0', properties: {} });
  write('processes/main.process.json', {
    format: 1,
    name: 'Main',
    activities: {
      tick: { name: 'Tick', type: 'general.timer', config: { intervalMs: 200 }, input: {} },
      shape: { name: 'Shape', type: 'general.mapper', config: {}, input: { value: '$error("the tank is empty")' } },
    },
    transitions: [{ id: 't', from: 'tick', to: 'shape', kind: 'success' }],
  });
  return projectPath;
}

describe.skipIf(whyNoBrowser !== undefined)(`what goes wrong in a run${skipped}`, () => {
  let browser: Browser;
  let studio: RunningStudio;
  const projectPath = failingProject();

  beforeAll(async () => {
    await build();
    browser = await startBrowser();
    studio = await RunningStudio.start({ projectPath });
  });

  afterAll(async () => {
    await browser?.close();
    await studio?.stop();
    rmSync(join(projectPath, '..'), { recursive: true, force: true });
  });

  it('shows why a job failed, then that the run’s process crashed, and runs again', async () => {
    const { page, errors } = watch(await browser.newPage({ viewport: { width: 1440, height: 900 } }));
    await steps(page, 'failing', async () => {
      await openDesigner(page, studio.url);
      await page.getByTestId('run-button').click();
      await untilRun(page, 'running');
      await page.getByTestId('jobs-failed').click();
      await page.getByTestId('jobs-list').getByRole('option').first().click();
      await page.locator('.job-error p').getByText('the tank is empty').waitFor();
      await page.getByTestId('job-activity-tick').click();
      await page.locator('.activity-node.is-selected[data-testid="node-tick"]').waitFor();
      await picture(page, 'failed-jobs');

      const [run] = programsOf(dirname(projectPath), 'run-process');
      process.kill(Number(run), 'SIGKILL');
      await untilRun(page, 'failed');
      await page.getByText('was ended by SIGKILL').first().waitFor();
      await picture(page, 'crashed-run');
      await page.getByTestId('run-button').click();
      await untilRun(page, 'running');
      expect(errors).toEqual([]);
    });
  });
});
