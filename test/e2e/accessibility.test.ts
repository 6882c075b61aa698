import { join } from 'node:path';
import axe from 'axe-core';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startBrowser, steps, watch, whyNoBrowser } from './browser.ts';
import { openDesigner, untilRun } from './designer-actions.ts';
import { copySample, RunningStudio } from './running-studio.ts';

interface Finding {
  readonly id: string;
  readonly impact: string | null;
  readonly nodes: readonly { readonly html: string; readonly failureSummary?: string }[];
}

/** What axe finds serious or critical on the page as it is now, one line each. */
async function findings(page: Page): Promise<string[]> {
  // Colours in the middle of a fade have no contrast that means anything; a pulse never ends.
  await page.evaluate(() => {
    const fades = document.getAnimations().filter(({ effect }) => effect?.getComputedTiming().iterations !== Infinity);
    return Promise.all(fades.map((fade) => fade.finished.catch(() => undefined))).then(() => undefined);
  });
  await page.evaluate(axe.source);
  const found = (await page.evaluate('axe.run(document, { resultTypes: ["violations"] })')) as {
    violations: Finding[];
  };
  return found.violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, nodes }) =>
      nodes.map(({ html, failureSummary = '' }) => `${id}: ${html.slice(0, 160)} ${failureSummary}`),
    );
}

describe.skipIf(whyNoBrowser)(`the designer for everybody${whyNoBrowser ? ` (skipped: ${whyNoBrowser})` : ''}`, () => {
  let browser: Browser;
  let studio: RunningStudio;
  const sample = copySample();
  beforeAll(async () => {
    browser = await startBrowser();
    studio = await RunningStudio.start({
      projectPath: sample.projectPath,
      clusterFolder: join(sample.folder, 'cluster'),
    });
  });
  afterAll(async () => {
    await browser.close();
    await studio.stop();
    sample.remove();
  });

  it.each(['light', 'dark'] as const)(
    'has nothing that axe calls serious in the %s theme, selected rows included',
    async (colorScheme) => {
      const { page, errors } = watch(await browser.newPage({ viewport: { width: 1440, height: 900 }, colorScheme }));
      await steps(page, `axe-${colorScheme}`, async () => {
        await openDesigner(page, studio.url);
        await page.locator('[data-testid="cluster-status"][data-state="running"]').waitFor({ timeout: 60_000 });
        await page.getByTestId('process-tab-triage').click();
        if (colorScheme === 'light') await page.getByTestId('run-button').click();
        await untilRun(page, 'running');
        await page.getByTestId('node-alert').click();
        await page.getByTestId('mapping-preview-place').waitFor();
        expect(await findings(page), 'the canvas and a mapper').toEqual([]);
        // Run opened the jobs of the first window.
        if (colorScheme === 'dark') await page.keyboard.press('Control+J');
        await page.getByTestId('jobs-list').getByRole('option').filter({ hasText: 'Triage' }).first().click();
        await page.getByTestId('job-activity-receive').click();
        expect(await findings(page), 'jobs and one of them').toEqual([]);
        await page.keyboard.press('Control+K');
        await page.keyboard.press('ArrowDown');
        expect(await findings(page), 'the commands').toEqual([]);
        await page.keyboard.type('nothing is called like this');
        expect(await findings(page), 'no command').toEqual([]);
        await page.keyboard.press('Escape');
        await page.getByTestId('view-topics').click();
        await page.getByTestId('topic-row-quakes').click();
        await page.locator('[data-testid^="message-row-"]').nth(1).click();
        await page.getByTestId('message-detail').waitFor();
        expect(await findings(page), 'topics and a message').toEqual([]);
        await page.getByTestId('create-topic').click();
        expect(await findings(page), 'a dialog').toEqual([]);
        expect(errors).toEqual([]);
      });
      await page.close();
    },
  );
});
