import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { build } from '../../scripts/build.ts';
import { calledProcess, constructsProject, loopProcess } from '../kit/designer/constructs-project.ts';
import type { WatchedPage } from './browser.ts';
import { picture, startBrowser, steps, watch, whyNoBrowser } from './browser.ts';
import { openDesigner } from './designer-actions.ts';
import { RunningStudio } from './running-studio.ts';
import { writeProjectFolder } from './write-project.ts';

const skipped = whyNoBrowser === undefined ? '' : ` (skipped: ${whyNoBrowser})`;

describe.skipIf(whyNoBrowser !== undefined)(`loops and called processes in the designer${skipped}`, () => {
  let browser: Browser;
  let watched: WatchedPage;
  let studio: RunningStudio;
  let projectPath: string;
  let remove: () => void;

  beforeAll(async () => {
    await build();
    browser = await startBrowser();
  });
  afterAll(async () => browser?.close());
  beforeEach(async () => {
    watched = watch(await browser.newPage({ viewport: { width: 1440, height: 900 } }));
    ({ projectPath, remove } = writeProjectFolder(constructsProject));
    studio = await RunningStudio.start({ projectPath });
    await openDesigner(watched.page, studio.url);
  });
  afterEach(async () => {
    await watched.page.close();
    await studio.stop();
    remove();
  });

  it('runs a job with a loop, tries again and calls, and shows each iteration of it', async () => {
    const { page, errors } = watched;
    await steps(page, 'constructs', async () => {
      await page.getByTestId(`process-tab-${loopProcess}`).click();
      const each = page.getByTestId('node-each');
      await each.waitFor();
      expect(await each.textContent()).toContain('each of ["apples", "pears", "plums"]');
      await page.getByTestId('run-button').click();
      await page.getByTestId('node-log').getByTitle('Completed').getByText('1').waitFor();
      expect(await page.getByTestId('node-check').getByTitle('Completed').textContent()).toBe('3');
      expect(await page.getByTestId('node-check').getByTitle('Failed').textContent()).toBe('1');
      await page.getByTestId('jobs-list').getByRole('option').first().click();
      const rows = page.locator('.job-step');
      await rows.filter({ hasText: 'Return' }).first().waitFor();
      expect(await rows.filter({ hasText: 'Check' }).count()).toBe(4);
      expect(await rows.filter({ hasText: 'Tax' }).count()).toBe(3);
      expect(await rows.filter({ hasText: 'Price' }).locator('.job-step-iteration').allTextContents()).toEqual([
        '#1',
        '#2',
        '#3',
      ]);
      await picture(page, 'constructs-job');
      await page.emulateMedia({ colorScheme: 'dark' });
      await picture(page, 'constructs-dark');
      await page.emulateMedia({ colorScheme: 'light' });
      // What ran in the called process is shown on its own canvas.
      await rows.filter({ hasText: 'Tax' }).first().click();
      await page.getByTestId('node-tax').waitFor();
      expect(errors).toEqual([]);
    });
  });

  it('changes what a group does, and edits what a called process takes', async () => {
    const { page, errors } = watched;
    await steps(page, 'constructs-forms', async () => {
      await page.getByTestId(`process-tab-${loopProcess}`).click();
      await page.getByTestId('node-each').locator('.scope-head').click();
      await page.getByTestId('properties-tab-settings').click();
      await page.getByLabel('Group action').selectOption('general.while');
      await page.getByTestId('node-each').getByText('while …').waitFor();
      await page.keyboard.press('ControlOrMeta+z');
      await page.getByTestId('node-each').getByText('each of').waitFor();
      await page.getByTestId('properties-tab-input').click();
      await page.getByText('After each iteration, over what was in it').waitFor();
      await picture(page, 'constructs-mapping');
      await page.getByTestId(`process-tab-${calledProcess}`).click();
      await page.getByTestId('node-input').click();
      await page.getByLabel('net is optional').check();
      await page.keyboard.press('ControlOrMeta+s');
      await page.getByText('Saved', { exact: true }).first().waitFor();
      const text = readFileSync(join(projectPath, `processes/${calledProcess}.process.json`), 'utf8');
      expect(JSON.parse(text).activities.input.config.input).toEqual({ item: 'string', net: 'number?' });
      await picture(page, 'constructs-start');
      expect(errors).toEqual([]);
    });
  });
});
