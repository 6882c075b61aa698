import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { build } from '../../scripts/build.ts';
import { until } from '../kit/until.ts';
import type { WatchedPage } from './browser.ts';
import { picture, startBrowser, steps, watch, whyNoBrowser } from './browser.ts';
import {
  connectActivities,
  dragActivity,
  focusExpression,
  openDesigner,
  showProcess,
  untilRun,
} from './designer-actions.ts';
import { copySample, RunningStudio } from './running-studio.ts';

const skipped = whyNoBrowser === undefined ? '' : ` (skipped: ${whyNoBrowser})`;

describe.skipIf(whyNoBrowser !== undefined)(`the designer in a browser${skipped}`, () => {
  let browser: Browser;
  let watched: WatchedPage;
  let sample: ReturnType<typeof copySample>;
  let studio: RunningStudio | undefined;

  beforeAll(async () => {
    await build();
    browser = await startBrowser();
  });

  afterAll(async () => {
    await browser?.close();
  });

  beforeEach(async () => {
    sample = copySample();
    const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
    watched = watch(page);
  });

  afterEach(async () => {
    await watched.page.close();
    await studio?.stop();
    studio = undefined;
    sample.remove();
  });

  const file = (path: string) => readFileSync(join(sample.projectPath, path), 'utf8');

  it('draws a process, runs it on the bundled cluster, and shows what arrived', async () => {
    studio = await RunningStudio.start({
      projectPath: sample.projectPath,
      clusterFolder: join(sample.folder, 'cluster'),
    });
    const { page, errors } = watched;
    await steps(page, 'draw-and-run', async () => {
      await openDesigner(page, studio!.url);
      await showProcess(page, 'triage');
      await dragActivity(page, 'kafka.send-message', { x: 480, y: 60 });
      await page.getByTestId('node-send').waitFor();
      await connectActivities(page, 'alert', 'send');
      await page.getByTestId('node-send').click();

      await page.getByTestId('field-connection').locator('select').selectOption('cluster');
      await page.getByTestId('field-topic').locator('input').fill('pager');
      await page.getByTestId('field-topic').locator('input').press('Enter');
      await page.getByTestId('properties-tab-input').click();
      const mapping = await focusExpression(page, 'value');
      await page.keyboard.type('"M" & alert.magnitude & " " & alert.place', { delay: 5 });
      await mapping.getByText('alert.place').waitFor();

      await page.locator('[data-testid="cluster-status"][data-state="running"]').waitFor({ timeout: 60_000 });
      await page.getByTestId('run-button').click();
      await untilRun(page, 'running');
      await page.getByTestId('view-topics').click();
      await page.getByTestId('topic-row-pager').click();
      const row = page.getByTestId('topic-messages').getByRole('option').first();
      await row.waitFor();
      expect(await row.innerText()).toMatch(/M\d(\.\d+)? \S+ \S+/);
      await row.click();
      await page.getByTestId('message-detail').waitFor();
      await picture(page, 'topic-browser');

      await page.getByTestId('view-design').click();
      await page.getByTestId('jobs-list').getByRole('option').filter({ hasText: 'Triage' }).first().click();
      await page.getByTestId('job-activity-receive').click();
      await page.locator('.activity-node.is-selected[data-testid="node-receive"]').waitFor();
      await picture(page, 'jobs-and-counts');
      await page.getByTestId('stop-button').click();
      await untilRun(page, 'stopped');
      await page.getByTestId('theme-toggle').click();
      await picture(page, 'dark');
      expect(errors).toEqual([]);
    });
  });

  it('follows a topic live, and writes a message to it', async () => {
    studio = await RunningStudio.start({
      projectPath: sample.projectPath,
      clusterFolder: join(sample.folder, 'cluster'),
    });
    const { page, errors } = watched;
    await steps(page, 'live', async () => {
      await openDesigner(page, studio!.url);
      await page.locator('[data-testid="cluster-status"][data-state="running"]').waitFor({ timeout: 60_000 });
      await page.getByTestId('view-topics').click();
      await page.getByTestId('create-topic').click();
      await page.getByTestId('field-topic-name').locator('input').fill('notes');
      await page.getByTestId('field-topic-name').locator('input').press('Enter');
      await page.getByTestId('topic-row-notes').waitFor();
      await page.getByTestId('live-tail-toggle').check();
      await page.getByText('Waiting for messages').waitFor();
      await page.getByTestId('produce-button').click();
      await page.getByTestId('field-produce-key').locator('input').fill('a');
      await page.getByTestId('field-produce-value').locator('textarea').fill('{"id":12345678901234567890}');
      await page.getByTestId('field-produce-headers').locator('textarea').fill('trace: 1\ntrace: 2');
      await page.getByTestId('produce-send').click();
      await page.getByRole('dialog').getByText('Written to partition').waitFor();
      await page.keyboard.press('Escape');
      await page.getByRole('dialog').waitFor({ state: 'detached' });
      const row = page.getByTestId('topic-messages').getByRole('option').first();
      await row.click();
      const detail = await page.getByTestId('message-detail').innerText();
      expect(detail).toContain('12345678901234567890');
      expect(detail.match(/trace/g)).toHaveLength(2);
      await picture(page, 'live-topic');
      await page.getByLabel('Delete topic…').click();
      await page.getByTestId('field-delete-name').locator('input').fill('notes');
      await page.getByRole('button', { name: 'Delete topic', exact: true }).click();
      await page.getByTestId('topic-row-notes').waitFor({ state: 'detached' });
      expect(errors).toEqual([]);
    });
  });

  it('takes a space in the mapping editor, undoes, redoes, and saves files', async () => {
    studio = await RunningStudio.start({ projectPath: sample.projectPath });
    const { page, errors } = watched;
    await steps(page, 'edit', async () => {
      await openDesigner(page, studio!.url);
      await showProcess(page, 'triage');
      await page.getByTestId('node-log').click();
      await page.getByTestId('properties-tab-input').click();
      await focusExpression(page, 'message');
      await page.keyboard.press('ControlOrMeta+a');
      await page.keyboard.press('Delete');
      await page.keyboard.type('"a b c"', { delay: 10 });
      const before = file('processes/triage.process.json');
      await page.keyboard.press('ControlOrMeta+s');
      await until('the file is saved', () => file('processes/triage.process.json') !== before);
      expect(JSON.parse(file('processes/triage.process.json')).activities.log.input.message).toBe('"a b c"');

      await page.getByTestId('node-log').click();
      await page.keyboard.press('Delete');
      await page.getByTestId('node-log').waitFor({ state: 'detached' });
      await page.keyboard.press('ControlOrMeta+z');
      await page.getByTestId('node-log').waitFor();
      await page.keyboard.press('ControlOrMeta+Shift+z');
      await page.getByTestId('node-log').waitFor({ state: 'detached' });
      await page.getByTestId('save-button').click();
      await until('the activity is gone from the file', () => !file('processes/triage.process.json').includes('"log"'));
      expect(errors).toEqual([]);
    });
  });

  it('shows a project that cannot be read, and where', async () => {
    writeFileSync(join(sample.projectPath, 'processes/triage.process.json'), '{\n  "format": 1,\n  oops\n}\n');
    studio = await RunningStudio.start({ projectPath: sample.projectPath });
    const { page } = watched;
    await steps(page, 'unreadable', async () => {
      await page.goto(studio!.url);
      await page.getByText('processes/triage.process.json').first().waitFor();
      await page
        .getByText(/line 3|:3\b/i)
        .first()
        .waitFor();
      await picture(page, 'unreadable-project');
    });
  });

  it('finds its studio again after a restart, with unsaved work in place', async () => {
    studio = await RunningStudio.start({ projectPath: sample.projectPath });
    const { page } = watched;
    await steps(page, 'reconnect', async () => {
      await openDesigner(page, studio!.url);
      await showProcess(page, 'triage');
      await page.getByTestId('node-log').click();
      await page.keyboard.press('Delete');
      await page.getByTestId('node-log').waitFor({ state: 'detached' });
      const { port, token } = studio!;
      await studio!.stop();
      await page.getByText('The studio does not answer').waitFor();
      studio = await RunningStudio.start({ projectPath: sample.projectPath, port, token });
      await page.getByText('The studio does not answer').waitFor({ state: 'detached' });
      await page.getByTestId('node-watch').waitFor();
      expect(await page.getByTestId('node-log').count()).toBe(0);
      await page.getByTestId('save-button').click();
      await until('the work is saved', () => !file('processes/triage.process.json').includes('"log"'));
    });
  });

  it('tells a page of an earlier launch that it is one', async () => {
    studio = await RunningStudio.start({ projectPath: sample.projectPath });
    const { page } = watched;
    await steps(page, 'refused', async () => {
      await page.goto(studio!.url.replace(/token=.*/, 'token=of-another-launch'));
      await page.getByText('belongs to a studio that has ended').waitFor();
    });
  });
});
