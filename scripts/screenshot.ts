import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { startBrowser, watch } from '../test/e2e/browser.ts';
import { copySample, RunningStudio } from '../test/e2e/running-studio.ts';
import { build, projectFolder } from './build.ts';
import { ensureChromium } from './chromium.ts';

/** `npm run screenshot`: the pictures of the README, taken of the running sample. */
const docs = join(projectFolder, 'docs');

function take(page: Page, name: string): Promise<unknown> {
  return page.screenshot({ path: join(docs, `${name}.png`), animations: 'disabled' });
}

/** Runs the sample to its end and shows a mapper with its preview; then the topic browser; then the canvas in the dark. */
async function takeAll(page: Page, url: string): Promise<void> {
  await page.goto(url);
  await page.getByTestId('process-tab-triage').click();
  await page.getByTestId('run-button').click();
  await page.getByTestId('node-receive').getByText('1,707').waitFor();
  await page.getByTestId('node-alert').click();
  await page.locator('[data-testid^="mapping-preview-"]').first().waitFor();
  // Editors draw their text a moment after they stand there.
  await page.locator('.monaco-editor .view-line').filter({ hasText: 'coordinates' }).first().waitFor();
  await take(page, 'screenshot');
  await page.getByTestId('view-topics').click();
  await page.getByTestId('topic-row-alerts').click();
  await page.locator('[data-testid^="message-row-"]').first().click();
  await take(page, 'screenshot-topics');
  await page.getByTestId('view-design').click();
  await page.emulateMedia({ colorScheme: 'dark' });
  await page.getByTestId('node-alert').waitFor();
  await take(page, 'screenshot-dark');
}

if (!ensureChromium())
  throw new Error('expected a Chromium on this machine, found none; name one in MILLRACE_CHROMIUM');
await build();
mkdirSync(docs, { recursive: true });
const sample = copySample();
const studio = await RunningStudio.start({
  projectPath: sample.projectPath,
  clusterFolder: join(sample.folder, 'cluster'),
});
const browser = await startBrowser();
try {
  const { page } = watch(await browser.newPage({ viewport: { width: 1440, height: 900 } }));
  await takeAll(page, studio.url);
} finally {
  await browser.close();
  await studio.stop();
  sample.remove();
}
