import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Activity, Project } from '../../engine/model/document.ts';
import { build } from '../../scripts/build.ts';
import { scopedProcess, scopedProject } from '../kit/designer/scoped-project.ts';
import { until } from '../kit/until.ts';
import type { WatchedPage } from './browser.ts';
import { picture, startBrowser, steps, watch, whyNoBrowser } from './browser.ts';
import { openDesigner } from './designer-actions.ts';
import { RunningStudio } from './running-studio.ts';
import { writeProjectFolder } from './write-project.ts';

const skipped = whyNoBrowser === undefined ? '' : ` (skipped: ${whyNoBrowser})`;

/** The scoped project with one job, in which `check` fails and `last` tells what the scope caught. */
function failingInScope(): Project {
  const process = scopedProject.processes[scopedProcess]!;
  const { timer, check, last } = process.activities as Record<'timer' | 'check' | 'last', Activity>;
  const activities = {
    ...process.activities,
    timer: { ...timer, config: { count: 1 } },
    check: { ...check, input: { n: 'timer.count + "x"' } },
    last: { ...last, input: { message: '"caught in " & order.error.activity' } },
  };
  return { ...scopedProject, processes: { [scopedProcess]: { ...process, activities } } };
}

const nodeOf = (page: Page, id: string) => page.getByTestId(`node-${id}`);

/** Drags a node by its middle, or a scope by its head, to a point of another one. */
async function drag(page: Page, id: string, to: { readonly x: number; readonly y: number }): Promise<void> {
  const box = (await nodeOf(page, id).boundingBox())!;
  await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
  await page.mouse.down();
  await page.mouse.move(to.x, to.y, { steps: 8 });
  await page.mouse.up();
}

describe.skipIf(whyNoBrowser !== undefined)(`a scope in the designer${skipped}`, () => {
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
    ({ projectPath, remove } = writeProjectFolder(failingInScope()));
    studio = await RunningStudio.start({ projectPath });
    await openDesigner(watched.page, studio.url);
  });
  afterEach(async () => {
    await watched.page.close();
    await studio.stop();
    remove();
  });

  /** Parents as they are in the file, after a save. */
  async function savedParents(page: Page): Promise<Record<string, string | undefined>> {
    await page.keyboard.press('ControlOrMeta+s');
    await page.getByText('Saved', { exact: true }).first().waitFor();
    const text = readFileSync(join(projectPath, `processes/${scopedProcess}.process.json`), 'utf8');
    const { activities } = JSON.parse(text) as { activities: Record<string, { parent?: string }> };
    return Object.fromEntries(Object.entries(activities).map(([id, { parent }]) => [id, parent]));
  }

  it('opens and closes, takes activities in and lets them out, and is copied and deleted as one', async () => {
    const { page, errors } = watched;
    await steps(page, 'scope', async () => {
      await nodeOf(page, 'check').waitFor();
      await picture(page, 'scope-open');
      await page.getByTestId('toggle-order').click();
      await nodeOf(page, 'check').waitFor({ state: 'detached' });
      await picture(page, 'scope-closed');
      await nodeOf(page, 'order').click();
      await page.keyboard.press('Alt+g');
      await nodeOf(page, 'check').waitFor();

      const check = (await nodeOf(page, 'check').boundingBox())!;
      await drag(page, 'last', { x: check.x + check.width / 2, y: check.y + check.height * 1.2 });
      await picture(page, 'scope-with-another');
      await drag(page, 'store', { x: check.x + check.width, y: check.y - check.height * 3 });
      await page.getByTestId('palette-item-general.log').dragTo(nodeOf(page, 'check'), {
        targetPosition: { x: check.width / 2, y: check.height * 0.9 },
        force: true,
      });
      await nodeOf(page, 'log').waitFor();
      await picture(page, 'scope-changed');
      const parents = await savedParents(page);
      expect([parents.last, parents.store, parents.log]).toEqual(['order', undefined, 'order']);

      await page.locator('[data-testid="node-order"] .scope-head .node-name').click();
      await page.keyboard.press('ControlOrMeta+d');
      await nodeOf(page, 'order2').waitFor();
      await nodeOf(page, 'check2').waitFor();
      await picture(page, 'scope-copied');
      await page.keyboard.press('Delete');
      await nodeOf(page, 'check2').waitFor({ state: 'detached' });
      await page.keyboard.press('ControlOrMeta+z');
      await nodeOf(page, 'check2').waitFor();
      expect(errors).toEqual([]);
    });
  });

  it('is grouped and ungrouped from the keyboard', async () => {
    const { page, errors } = watched;
    await steps(page, 'scope-keyboard', async () => {
      await nodeOf(page, 'last').click();
      await page.keyboard.press('ControlOrMeta+g');
      await nodeOf(page, 'scope').waitFor();
      expect((await savedParents(page)).last).toBe('scope');
      await page.keyboard.press('ControlOrMeta+Shift+g');
      await nodeOf(page, 'scope').waitFor({ state: 'detached' });
      expect(errors).toEqual([]);
    });
  });

  it('catches what fails in it, and the job shows its executions where they were', async () => {
    const { page, errors } = watched;
    await steps(page, 'scope-run', async () => {
      await page.getByTestId('run-button').click();
      await page.getByTestId('jobs-list').getByRole('option').first().click();
      const rows = page.locator('.job-steps li');
      await until('all executions are shown', async () => (await rows.count()) === 7);
      const shown = await rows.evaluateAll((items) =>
        items.map((item) => [
          item.querySelector('button')?.dataset.testid?.replace('job-activity-', ''),
          Number.parseInt((item as HTMLElement).style.paddingLeft, 10),
        ]),
      );
      expect(shown).toEqual([
        ['timer', 0],
        ['order', 0],
        ['check', 16],
        ['catch', 16],
        ['fix', 16],
        ['store', 16],
        ['last', 0],
      ]);
      await page.getByTestId('job-activity-last').click();
      await page.getByText('caught in check').first().waitFor();
      await picture(page, 'scope-job');
      expect(errors).toEqual([]);
    });
  });
});
