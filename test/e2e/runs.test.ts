import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { build } from '../../scripts/build.ts';
import type { WatchedPage } from './browser.ts';
import { startBrowser, steps, watch, whyNoBrowser } from './browser.ts';
import { openDesigner, untilRun } from './designer-actions.ts';
import { RunningStudio } from './running-studio.ts';
import { tickingProject, writeProjectFolder } from './write-project.ts';

const skipped = whyNoBrowser === undefined ? '' : ` (skipped: ${whyNoBrowser})`;

async function showLog(page: Page): Promise<void> {
  await page.getByTestId('bottom-log').click();
}

/** Lines of the log that a project's activity wrote. */
const linesOf = (page: Page, project: string) => page.getByTestId('log-list').getByText(`of ${project}`);

describe.skipIf(whyNoBrowser !== undefined)(`runs in two windows${skipped}`, () => {
  let browser: Browser;
  let windows: WatchedPage[] = [];
  let studio: RunningStudio | undefined;
  let remove: (() => void)[] = [];

  beforeAll(async () => {
    await build();
    browser = await startBrowser();
  });
  afterAll(async () => browser?.close());
  beforeEach(async () => {
    windows = [];
    for (let count = 0; count < 2; count++)
      windows.push(watch(await browser.newPage({ viewport: { width: 1100, height: 700 } })));
  });
  afterEach(async () => {
    await Promise.all(windows.map(({ page }) => page.close()));
    await studio?.stop();
    studio = undefined;
    for (const each of remove) each();
    remove = [];
  });

  function project(name: string): string {
    const written = writeProjectFolder(tickingProject(name));
    remove.push(written.remove);
    return written.projectPath;
  }
  const errors = () => windows.flatMap((window) => window.errors);

  it('runs and stops a project in each, and neither sees the other one', async () => {
    const [north, south] = [project('north'), project('south')];
    studio = await RunningStudio.start({ projectPath: north });
    const [first, second] = [windows[0]!.page, windows[1]!.page];
    await steps(second, 'two-projects', async () => {
      await openDesigner(first, studio!.url);
      await first.getByTestId('run-button').click();
      await untilRun(first, 'running');
      await first.getByTestId('node-log').locator('.count-done').waitFor();

      await openDesigner(second, studio!.url);
      await second.keyboard.press('ControlOrMeta+o');
      await second.getByTestId('field-project-path').locator('input').fill(south);
      await second.keyboard.press('Enter');
      await second.getByText('south').first().waitFor();
      await untilRun(second, 'idle');
      expect(await second.locator('.count-done').count()).toBe(0);
      await second.getByTestId('run-button').click();
      await untilRun(second, 'running');
      await showLog(second);
      await linesOf(second, 'south').first().waitFor();
      await second.getByTestId('stop-button').click();
      await untilRun(second, 'stopped');
      expect(await linesOf(second, 'north').count()).toBe(0);

      await untilRun(first, 'running');
      await showLog(first);
      await linesOf(first, 'north').first().waitFor();
      expect(await linesOf(first, 'south').count()).toBe(0);
      await first.getByTestId('stop-button').click();
      await untilRun(first, 'stopped');
      expect(errors()).toEqual([]);
    });
  });

  it('shows both the one run of a project, whichever started it, and lets either stop it', async () => {
    studio = await RunningStudio.start({ projectPath: project('shared') });
    const [first, second] = [windows[0]!.page, windows[1]!.page];
    await steps(second, 'one-project', async () => {
      await openDesigner(first, studio!.url);
      await openDesigner(second, studio!.url);
      await untilRun(second, 'idle');
      await first.getByTestId('run-button').click();
      await untilRun(second, 'running');
      await second.getByTestId('node-log').locator('.count-done').waitFor();
      // The panel opens by itself only where Run was pressed.
      await second.getByRole('button', { name: 'Jobs', exact: true }).click();
      await showLog(second);
      await linesOf(second, 'shared').first().waitFor();
      await second.getByTestId('bottom-jobs').click();
      await second.getByTestId('jobs-list').getByRole('option').filter({ hasText: 'Main' }).first().click();
      await second.getByTestId('job-activity-log').waitFor();

      await second.getByTestId('stop-button').click();
      await untilRun(first, 'stopped');
      await untilRun(second, 'stopped');
      // A window that comes later finds the run as it ended.
      await second.reload();
      await untilRun(second, 'stopped');
      await second.getByTestId('node-log').locator('.count-done').waitFor();
      expect(errors()).toEqual([]);
    });
  });
});
