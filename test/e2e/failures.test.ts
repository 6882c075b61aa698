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

/** Reads `orders` as JSON and stops at the first record that is none. */
function strictProject(): string {
  const folder = mkdtempSync(join(tmpdir(), 'millrace-e2e-'));
  const projectPath = join(folder, 'strict');
  const write = (path: string, value: unknown) => writeFileSync(join(projectPath, path), JSON.stringify(value));
  mkdirSync(join(projectPath, 'processes'), { recursive: true });
  mkdirSync(join(projectPath, 'resources'), { recursive: true });
  write('millrace.json', { format: 1, name: 'Strict', version: '1.0.0', properties: {} });
  write('resources/cluster.kafka.json', { format: 1, name: 'Cluster', type: 'kafka.connection', config: {} });
  const config = {
    ...{ connection: 'cluster', topics: ['orders'], groupId: 'strict', startFrom: 'earliest' },
    ...{ valueFormat: 'json', onFailure: 'retry', retries: 0 },
  };
  write('processes/main.process.json', {
    format: 1,
    name: 'Main',
    activities: {
      receive: { name: 'Take order', type: 'kafka.receive-message', config, input: {} },
      log: { name: 'Log', type: 'general.log', config: {}, input: { message: '"large"' } },
    },
    transitions: [{ id: 't', from: 'receive', to: 'log', kind: 'condition', condition: 'receive.value.total > 50' }],
  });
  return projectPath;
}

describe.skipIf(whyNoBrowser !== undefined)(`a record that stops a process${skipped}`, () => {
  let browser: Browser;
  let studio: RunningStudio;
  const projectPath = strictProject();

  beforeAll(async () => {
    await build();
    browser = await startBrowser();
    studio = await RunningStudio.start({ projectPath, clusterFolder: join(projectPath, '../cluster') });
  });

  afterAll(async () => {
    await browser?.close();
    await studio?.stop();
    rmSync(join(projectPath, '..'), { recursive: true, force: true });
  });

  it('is named under the tabs, opens in Topics, is skipped; its job says why, the place survives a reload', async () => {
    const { page, errors } = watch(await browser.newPage({ viewport: { width: 1440, height: 900 } }));
    await steps(page, 'poison', async () => {
      await openDesigner(page, studio.url);
      await page.locator('[data-testid="cluster-status"][data-state="running"]').waitFor({ timeout: 60_000 });
      await page.getByTestId('view-topics').click();
      await page.getByTestId('create-topic').click();
      await page.getByTestId('field-topic-name').locator('input').fill('orders');
      await page.getByTestId('field-topic-name').locator('input').press('Enter');
      await page.getByTestId('topic-row-orders').click();
      await page.getByTestId('produce-button').click();
      for (const value of ['{"total":99}', '{"total":', '{"total":60}']) {
        await page.getByTestId('field-produce-key').locator('input').fill('k');
        await page.getByTestId('field-produce-value').locator('textarea').fill(value);
        await page.getByTestId('produce-send').click();
        await page.getByRole('dialog').getByText('Written to partition').waitFor();
      }
      await page.keyboard.press('Escape');
      await page.getByTestId('view-design').click();
      await page.getByTestId('run-button').click();
      await untilRun(page, 'failed');
      await page.getByTestId('run-failure').getByText('Main stopped at orders').waitFor();
      await page.locator('[data-testid="node-receive"].has-failed').waitFor();
      await page.getByTestId('jobs-failed').click();
      await page.getByTestId('jobs-list').getByRole('option').first().click();
      expect(await page.getByTestId('job-failure').innerText()).toContain('Take order');
      await picture(page, 'poison-record');

      await page.getByTestId('show-record').click();
      await page.getByTestId('message-detail').getByText('{"total":').waitFor();
      const place = page.url();
      expect(place).toMatch(/topic=orders.*message=\d-\d/);
      await page.reload();
      await page.getByTestId('message-detail').getByText('{"total":').waitFor();
      expect(page.url()).toBe(place);
      await page.goBack();
      await page.getByTestId('canvas').waitFor();

      await page.getByTestId('skip-record').click();
      await untilRun(page, 'running');
      await page.getByTestId('node-receive').getByText('1', { exact: true }).waitFor();
      expect(errors).toEqual([]);
    });
    await page.close();
  });
});
