import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Project } from '../../engine/model/document.ts';
import { build } from '../../scripts/build.ts';
import { manyActivities } from '../kit/designer/many-activities.ts';
import { openWindow } from '../kit/studio-window.ts';
import type { WatchedPage } from './browser.ts';
import { picture, startBrowser, steps, watch, whyNoBrowser } from './browser.ts';
import { openDesigner } from './designer-actions.ts';
import { busyMs, watchMainThread } from './main-thread.ts';
import { RunningStudio } from './running-studio.ts';
import { tickingProject, writeProjectFolder } from './write-project.ts';

const skipped = whyNoBrowser === undefined ? '' : ` (skipped: ${whyNoBrowser})`;

/** Of the main thread on one step. What is held here took 2.5 to 30 s. */
const busyMsMax = 2_000;

/** Its large process as rows that all begin behind the first activity, so that it is tidied into what can be seen at once. */
function inRows(project: Project): Project {
  const large = project.processes.large!;
  const transitions = large.transitions.map((wire, index) =>
    (index + 1) % 25 === 0 ? { ...wire, from: 'step0' } : wire,
  );
  return { ...project, processes: { large: { ...large, transitions } } };
}

/** Where an activity stands in the process, as the canvas draws it. */
function placeOf(page: Page, id: string): Promise<string> {
  return page.locator(`.react-flow__node[data-id="${id}"]`).evaluate((node) => (node as HTMLElement).style.transform);
}

async function untilPlace(page: Page, id: string, isThere: (place: string) => boolean): Promise<string> {
  for (;;) {
    const place = await placeOf(page, id);
    if (isThere(place)) return place;
    await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(resolve)));
  }
}

describe.skipIf(whyNoBrowser !== undefined)(`what is large in the designer${skipped}`, () => {
  let browser: Browser;
  let watched: WatchedPage;
  let studio: RunningStudio | undefined;
  let remove: (() => void)[] = [];

  beforeAll(async () => {
    await build();
    browser = await startBrowser();
  });
  afterAll(async () => browser?.close());
  beforeEach(async () => {
    watched = watch(await browser.newPage({ viewport: { width: 1440, height: 900 } }));
  });
  afterEach(async () => {
    await watched.page.close();
    await studio?.stop();
    studio = undefined;
    for (const each of remove) each();
    remove = [];
  });

  it('goes on while 1,000 activities are tidied, moved, and put back', async () => {
    const project = writeProjectFolder(inRows(manyActivities(1_000)));
    remove.push(project.remove);
    studio = await RunningStudio.start({ projectPath: project.projectPath });
    const { page, errors } = watched;
    await steps(page, 'many-activities', async () => {
      await openDesigner(page, studio!.url);
      await page.getByRole('button', { name: 'Fit to view' }).click();
      await page.getByTestId('node-step1').waitFor();
      const first = await placeOf(page, 'step1');
      await page.getByRole('button', { name: 'Tidy layout' }).click();
      const tidied = await untilPlace(page, 'step1', (place) => place !== first);
      await watchMainThread(page);
      await page.keyboard.press('ControlOrMeta+z');
      await untilPlace(page, 'step1', (place) => place === first);
      expect(await busyMs(page), 'undo of tidy').toBeLessThan(busyMsMax);
      await watchMainThread(page);
      await page.keyboard.press('ControlOrMeta+Shift+z');
      await untilPlace(page, 'step1', (place) => place === tidied);
      expect(await busyMs(page), 'redo of tidy').toBeLessThan(busyMsMax);
      await page.keyboard.press('ControlOrMeta+z');
      await untilPlace(page, 'step1', (place) => place === first);

      const box = (await page.getByTestId('node-step1').boundingBox())!;
      await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
      await page.mouse.down();
      await page.mouse.move(box.x + box.width / 2 + 12, box.y + box.height / 2 + 30, { steps: 5 });
      await page.mouse.up();
      await untilPlace(page, 'step1', (place) => place !== first);
      await watchMainThread(page);
      await page.keyboard.press('ControlOrMeta+z');
      await untilPlace(page, 'step1', (place) => place === first);
      expect(await busyMs(page), 'undo of a drag').toBeLessThan(busyMsMax);
      expect(errors).toEqual([]);
    });
  });

  it('opens a message of 5 MB at once, shows more of it when asked, and hands it over whole', async () => {
    const project = writeProjectFolder(tickingProject('large-messages'));
    remove.push(project.remove);
    studio = await RunningStudio.start({
      projectPath: project.projectPath,
      clusterFolder: join(project.folder, 'cluster'),
    });
    const rows = Array.from({ length: 42_000 }, (_, id) => ({
      id,
      name: `row ${id}`,
      words: 'one two three four five six '.repeat(3),
    }));
    const value = JSON.stringify({ rows });
    expect(value.length).toBeGreaterThan(4_800_000);
    const { page, errors } = watched;
    await steps(page, 'large-message', async () => {
      await openDesigner(page, studio!.url);
      await page.locator('[data-testid="cluster-status"][data-state="running"]').waitFor({ timeout: 60_000 });
      const window = await openWindow(studio!);
      const configs = { 'max.message.bytes': '16777216' };
      await window.call('topics.create', { name: 'huge', partitions: 1, replicationFactor: 1, configs });
      await window.call('topics.produce', { topic: 'huge', key: null, value });
      window.close();
      await page.getByTestId('view-topics').click();
      await page.getByTestId('topic-row-huge').click();
      const row = page.getByTestId('topic-messages').getByRole('option').first();
      await row.waitFor();
      await watchMainThread(page);
      await row.click();
      await page.getByTestId('message-detail').getByText('"row 0"').waitFor();
      await page.getByTestId('read-whole').click();
      await page.getByTestId('read-whole').waitFor({ state: 'detached' });
      const more = page.getByTestId('show-more');
      const shown = () => page.getByTestId('message-detail').evaluate((detail) => detail.textContent?.length ?? 0);
      const before = await shown();
      await more.click();
      await expect.poll(shown).toBeGreaterThan(before);
      await more.scrollIntoViewIfNeeded();
      expect(await busyMs(page)).toBeLessThan(busyMsMax);
      const views = page.getByLabel('How the value is shown');
      for (const [view, start] of [
        ['hex', '00000000  7b 22 72 6f'],
        ['base64', btoa('{"rows":[{"id"').slice(0, 16)],
        ['text', '{"rows":[{"id":0'],
      ] as const) {
        await watchMainThread(page);
        await views.selectOption(view);
        await page.getByTestId('message-detail').getByText(start).first().waitFor();
        expect(await busyMs(page), view).toBeLessThan(busyMsMax);
      }
      await views.selectOption('auto');
      await picture(page, 'large-message');
      const [download] = await Promise.all([
        page.waitForEvent('download'),
        page.getByRole('button', { name: 'Download the value' }).click(),
      ]);
      const chunks: Buffer[] = [];
      for await (const chunk of await download.createReadStream()) chunks.push(chunk as Buffer);
      expect(Buffer.concat(chunks).toString('utf8') === value).toBe(true);
      expect(errors).toEqual([]);
    });
  });

  it('keeps the words of a wire clear of the activities at its ends, and the work area in its place', async () => {
    const ticking = tickingProject('words');
    const [wire] = ticking.processes.main!.transitions;
    const condition = 'tick.count > 50 and tick.timestamp > 1000 and $contains(tick.time, "2026")';
    const worded = { ...wire!, kind: 'condition', condition } as const;
    const project = writeProjectFolder({
      ...ticking,
      processes: { main: { ...ticking.processes.main!, transitions: [worded] } },
    });
    remove.push(project.remove);
    studio = await RunningStudio.start({ projectPath: project.projectPath });
    const { page, errors } = watched;
    await steps(page, 'wire-words', async () => {
      await openDesigner(page, studio!.url);
      const before = await placeOf(page, 'log');
      await page.getByRole('button', { name: 'Tidy layout' }).click();
      await untilPlace(page, 'log', (place) => place !== before);
      const [from, words, to] = await Promise.all(
        [page.getByTestId('node-tick'), page.locator('.wire-text'), page.getByTestId('node-log')].map((part) =>
          part.boundingBox(),
        ),
      );
      expect(words!.x).toBeGreaterThan(from!.x + from!.width);
      expect(words!.x + words!.width).toBeLessThan(to!.x);
      expect(await page.locator('.wire-text').getAttribute('title')).toBe(condition);

      // What comes into focus at the foot of a part must not push the part up for good.
      await page.getByTestId('node-log').click();
      await page.keyboard.press('Control+J');
      const tops = () =>
        page
          .locator('.split-pane')
          .evaluateAll((panes) => panes.map((pane) => [pane.scrollTop, pane.getBoundingClientRect().top]));
      const still = await tops();
      await page.locator('.split-pane').evaluateAll((panes) => {
        for (const pane of panes) {
          pane.scrollTop = 40;
          for (const control of pane.querySelectorAll<HTMLElement>('button, input, [tabindex="0"]')) control.focus();
        }
      });
      expect(await tops()).toEqual(still);
      expect(errors).toEqual([]);
    });
  });
});
