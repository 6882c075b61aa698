import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { previewMsMax } from '../../renderer/editors/preview-runner.ts';
import { build } from '../../scripts/build.ts';
import { picture, startBrowser, steps, watch, whyNoBrowser } from './browser.ts';
import { dragActivity, focusExpression, openDesigner, showProcess } from './designer-actions.ts';
import { busyMs, watchMainThread } from './main-thread.ts';
import { copySample, RunningStudio } from './running-studio.ts';

const skipped = whyNoBrowser === undefined ? '' : ` (skipped: ${whyNoBrowser})`;

/** What has the keyboard: the test id or field of the nearest part of the window that has one. */
const focusOf = (page: Page) =>
  page.evaluate(() => {
    const part = document.activeElement?.closest<HTMLElement>('[data-field], [data-testid]');
    return part?.dataset.field ?? part?.dataset.testid ?? document.activeElement?.tagName;
  });

describe.skipIf(whyNoBrowser !== undefined)(`forms of the designer${skipped}`, () => {
  let browser: Browser;
  let studio: RunningStudio;
  const sample = copySample();

  beforeAll(async () => {
    await build();
    browser = await startBrowser();
    studio = await RunningStudio.start({
      projectPath: sample.projectPath,
      clusterFolder: join(sample.folder, 'cluster'),
    });
  });
  afterAll(async () => {
    await browser?.close();
    await studio?.stop();
    sample.remove();
  });

  it('take the keyboard to what is next: a new field, its expression, a condition, the canvas', async () => {
    const { page, errors } = watch(await browser.newPage({ viewport: { width: 1440, height: 900 } }));
    await steps(page, 'focus', async () => {
      await openDesigner(page, studio.url);
      await showProcess(page, 'triage');
      await page.getByTestId('node-alert').click();
      await page.getByTestId('add-mapping').click();
      await page.keyboard.type('depth');
      await page.keyboard.press('Enter');
      const mapping = page.getByTestId('mapping-depth');
      await mapping.locator('.monaco-editor').waitFor();
      await page.keyboard.type('$uppercase("a b")');
      await page.getByTestId('mapping-preview-depth').getByText('"A B"').waitFor();

      // The list of what could be meant leaves the preview below the line free.
      await page.keyboard.press('ControlOrMeta+a');
      await page.keyboard.type('rec');
      const list = page.locator('.suggest-widget.visible');
      await list.waitFor();
      const [at, editor] = [await list.boundingBox(), await mapping.locator('.monaco-editor').boundingBox()];
      expect(at!.y + at!.height).toBeLessThanOrEqual(editor!.y + editor!.height / 2);
      const column = await page.getByTestId('properties').boundingBox();
      expect(at!.x).toBeGreaterThanOrEqual(column!.x);
      expect(at!.x + at!.width).toBeLessThanOrEqual(column!.x + column!.width + 1);
      await picture(page, 'completion');
      await page.keyboard.press('Escape');

      const wire = (await page.getByTestId('wire-alert-send').locator('path').first().boundingBox())!;
      await page.mouse.click(wire.x + wire.width / 2, wire.y + wire.height / 2);
      await page.getByRole('button', { name: 'If…' }).click();
      await page.locator('[data-field="condition"] .monaco-editor').waitFor();
      expect(await focusOf(page)).toBe('condition');

      await page.getByLabel('New process').click();
      await page.keyboard.type('Night shift');
      await page.keyboard.press('Enter');
      await page.getByRole('dialog').waitFor({ state: 'detached' });
      await expect.poll(() => focusOf(page)).toBe('canvas');
      expect(errors).toEqual([]);
    });
    await page.close();
  });

  it('test a connection with its settings as they are, saved or not', async () => {
    const { page, errors } = watch(await browser.newPage({ viewport: { width: 1440, height: 900 } }));
    await steps(page, 'probe', async () => {
      await openDesigner(page, studio.url);
      await showProcess(page, 'triage');
      await page.getByTestId('node-receive').click();
      await page.getByRole('button', { name: 'Open the Kafka Connection' }).click();
      await page.getByTestId('field-cluster').locator('select').selectOption('servers');
      // Nobody listens on port 1 of this machine.
      await page.getByTestId('field-bootstrapServers').locator('input').fill('127.0.0.1:1');
      await page.getByTestId('field-bootstrapServers').locator('input').press('Enter');
      await page.getByTestId('probe-button').click();
      await page.locator('.resource-probe [data-state="failed"]').getByText('127.0.0.1:1').waitFor();
      await picture(page, 'probe');
      expect(errors).toEqual([]);
    });
    await page.close();
  });

  it('go on while an expression does not end: its preview gives up, and the next one is there', async () => {
    const { page, errors } = watch(await browser.newPage({ viewport: { width: 1440, height: 900 } }));
    await steps(page, 'endless-expression', async () => {
      await openDesigner(page, studio.url);
      await showProcess(page, 'triage');
      await page.getByTestId('node-alert').click();
      await focusExpression(page, 'place');
      await page.keyboard.press('ControlOrMeta+a');
      await page.keyboard.type('($f := function($n) { $f($n + 1) }; $f(1))');
      const preview = page.getByTestId('mapping-preview-place');
      await watchMainThread(page);
      // Whichever bound a machine comes to first.
      await preview.getByText(/no result within|took too many steps/).waitFor();
      // Whatever the preview takes, it does not take it here.
      expect(await busyMs(page)).toBeLessThan(previewMsMax / 2);
      await page.keyboard.press('ControlOrMeta+a');
      await page.keyboard.type('$sum([1..10])');
      await preview.getByText('55', { exact: true }).waitFor();
      expect(errors).toEqual([]);
    });
    await page.close();
  });

  it('ask before a page is left while something is typed, and keep what was typed', async () => {
    const { page, errors } = watch(await browser.newPage({ viewport: { width: 1440, height: 900 } }));
    await steps(page, 'typed', async () => {
      await openDesigner(page, studio.url);
      await showProcess(page, 'triage');
      await page.getByTestId('node-alert').click();
      await page.getByTestId('field-name').fill('Shape the alert');
      expect(await page.locator('.dirty-mark').count()).toBe(0);
      const asked = page.waitForEvent('dialog');
      const reload = page.reload().catch(() => undefined);
      const question = await asked;
      expect(question.type()).toBe('beforeunload');
      await question.dismiss();
      await reload;
      await page.getByTestId('node-alert').getByText('Shape the alert').waitFor();
      await page.locator('.dirty-mark').waitFor();
      expect(errors).toEqual([]);
    });
    await page.close({ runBeforeUnload: false });
  });

  it('say that a topic is not in the cluster, and which one was meant', async () => {
    const { page, errors } = watch(await browser.newPage({ viewport: { width: 1440, height: 900 } }));
    await steps(page, 'topic', async () => {
      await openDesigner(page, studio.url);
      await page.locator('[data-testid="cluster-status"][data-state="running"]').waitFor({ timeout: 60_000 });
      await showProcess(page, 'triage');
      await dragActivity(page, 'kafka.send-message', { x: 480, y: 60 });
      expect(await page.getByRole('alert').count()).toBe(0);
      const topic = page.getByTestId('field-topic').locator('input');
      await topic.fill('pagers');
      await page.getByRole('option', { name: 'Create topic pagers…' }).click();
      await page.getByTestId('field-topic-name').locator('input').press('Enter');
      await page.getByRole('dialog').waitFor({ state: 'detached' });
      await expect.poll(() => focusOf(page)).toBe('topic');
      expect(await topic.inputValue()).toBe('pagers');
      await topic.fill('pager');
      await topic.press('Enter');
      const warning = page.getByTestId('topic-warning-pager');
      await warning.getByText('is not in the cluster').waitFor();
      await picture(page, 'topic-warning');
      await warning.getByRole('button', { name: 'pagers' }).click();
      await warning.waitFor({ state: 'detached' });
      expect(await topic.inputValue()).toBe('pagers');
      expect(errors).toEqual([]);
    });
    await page.close();
  });
});
