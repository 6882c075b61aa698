import { join } from 'node:path';
import type { Browser, Download } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { StudioConnection } from '../../renderer/bridge/studio-connection.ts';
import { build } from '../../scripts/build.ts';
import { openWindow } from '../kit/studio-window.ts';
import { startBrowser, steps, watch, whyNoBrowser } from './browser.ts';
import { openDesigner } from './designer-actions.ts';
import { RunningStudio } from './running-studio.ts';
import { tickingProject, writeProjectFolder } from './write-project.ts';

const skipped = whyNoBrowser === undefined ? '' : ` (skipped: ${whyNoBrowser})`;

async function bytesOf(download: Download): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of await download.createReadStream()) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

describe.skipIf(whyNoBrowser !== undefined)(`what the topic browser shows${skipped}`, () => {
  let browser: Browser;
  let studio: RunningStudio;
  let cluster: StudioConnection;
  const project = writeProjectFolder(tickingProject('browsing'));

  beforeAll(async () => {
    await build();
    browser = await startBrowser();
    studio = await RunningStudio.start({
      projectPath: project.projectPath,
      clusterFolder: join(project.folder, 'cluster'),
    });
    cluster = await openWindow(studio);
  });
  afterAll(async () => {
    cluster?.close();
    await browser?.close();
    await studio?.stop();
    project.remove();
  });

  /** A page at a place of the topic browser, once the cluster is there. */
  async function openAt(fields: Record<string, string>) {
    const watched = watch(await browser.newPage({ viewport: { width: 1440, height: 900 } }));
    await openDesigner(watched.page, studio.url);
    await watched.page.locator('[data-testid="cluster-status"][data-state="running"]').waitFor({ timeout: 60_000 });
    await watched.page.goto('about:blank');
    const place = new URLSearchParams({ project: project.projectPath, view: 'topics', ...fields });
    await watched.page.goto(`${new URL(studio.url).origin}/#${place}`);
    return watched;
  }
  const topic = (name: string) =>
    cluster.call('topics.create', {
      ...{ name, partitions: 1, replicationFactor: 1, configs: { 'max.message.bytes': '33554432' } },
    });
  const produce = (
    name: string,
    value: string,
    headers: { key: string; value: string }[] = [],
    key: string | null = null,
  ) => cluster.call('topics.produce', { topic: name, key, value, headers });

  it('is every header, the whole of a long key, and every byte of a value of 12 MB in the download', async () => {
    const { page, errors } = await openAt({});
    await steps(page, 'whole-messages', async () => {
      await topic('whole');
      const headers = Array.from({ length: 150 }, (_, at) => ({ key: `h${at}`, value: `value ${at}` }));
      const value = 'abcdefg'.repeat(1_800_000);
      await produce('whole', 'x', [...headers, { key: 'long', value: 'y'.repeat(10_000) }], 'k'.repeat(9_000));
      await produce('whole', value);
      await page.getByTestId('topic-row-whole').click();
      const detail = page.getByTestId('message-detail');
      await page.getByTestId('message-row-0-0').getByText('151 headers').waitFor();
      await page.getByTestId('message-row-0-0').click();
      await detail.getByText('value 149').waitFor();
      await detail.getByText('first part of 9.8 KiB').waitFor();
      await page.getByTestId('read-headers').click();
      await detail.getByText('y'.repeat(10_000)).waitFor();
      await detail.getByText('k'.repeat(9_000)).waitFor();
      expect(await detail.getByText('first part of').count()).toBe(0);

      await page.getByTestId('message-row-0-1').click();
      await detail.getByText('first part of 12 MiB').waitFor();
      const [download] = await Promise.all([page.waitForEvent('download'), page.getByTestId('download-value').click()]);
      expect((await bytesOf(download)).toString('latin1') === value).toBe(true);
      await detail.getByLabel('Copy the value as it was sent').click();
      await page.getByText('too long for the clipboard').waitFor();
      expect(errors).toEqual([]);
    });
    await page.close();
  });

  it('is the message of a bookmark however many newer ones came, and says when it is gone', async () => {
    await topic('marks');
    await produce('marks', 'the marked one');
    for (let at = 0; at < 60; at++) await produce('marks', `newer ${at}`);
    const { page, errors } = await openAt({ topic: 'marks', limit: '50', message: '0-0' });
    await steps(page, 'bookmark', async () => {
      await page.getByTestId('message-detail').getByText('the marked one').waitFor();
      await page.getByTestId('message-row-0-60').click();
      await page.getByTestId('message-detail').getByText('newer 59').waitFor();
      expect(errors).toEqual([]);
    });
    await page.close();
    const { page: other } = await openAt({ topic: 'marks', message: '0-99999' });
    await steps(other, 'bookmark-gone', async () => {
      await other.getByTestId('message-gone').getByText('deleted or compacted away').waitFor();
    });
    await other.close();
  });

  it('is of the cluster that the address names, and whole windows stand through addresses that make no sense', async () => {
    await topic('named');
    const { page, errors } = await openAt({ topic: 'named', connection: 'gone' });
    await steps(page, 'no-connection', async () => {
      await page.getByText('There is no Kafka Connection "gone"').waitFor();
      expect(await page.getByTestId('topic-row-named').count()).toBe(0);
      await page.getByRole('button', { name: 'Show the bundled cluster' }).click();
      await page.getByTestId('topic-row-named').waitFor();
      expect(errors).toEqual([]);
    });
    await page.close();
    const late = await openAt({ topic: 'named', from: 'time', time: '9007199254740991' });
    await steps(late.page, 'late-time', async () => {
      await late.page.getByText('No message there').waitFor();
      expect(late.errors).toEqual([]);
    });
    await late.page.close();
  });

  it('is what comes into a topic that was empty', async () => {
    await topic('filling');
    const { page, errors } = await openAt({ topic: 'filling' });
    await steps(page, 'filling', async () => {
      await page.getByText('This topic is empty').waitFor();
      await produce('filling', 'here now');
      await page.getByTestId('message-row-0-0').getByText('here now').waitFor();
      expect(errors).toEqual([]);
    });
    await page.close();
  });
});
