import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ElectronApplication } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { build } from '../../scripts/build.ts';
import { until } from '../kit/until.ts';
import { picture, steps, watch } from './browser.ts';
import { showProcess, untilRun } from './designer-actions.ts';
import { startDesktop, whyNoDesktop } from './desktop-app.ts';
import { processesOf, programsOf } from './processes-of.ts';
import { copySample } from './running-studio.ts';
import { startDisplay } from './virtual-display.ts';

const skipped = whyNoDesktop === undefined ? '' : ` (skipped: ${whyNoDesktop})`;

describe.skipIf(whyNoDesktop !== undefined)(`the desktop app${skipped}`, () => {
  let display: Awaited<ReturnType<typeof startDisplay>>;
  let sample: ReturnType<typeof copySample>;
  let app: ElectronApplication | undefined;

  beforeAll(async () => {
    await build();
    display = await startDisplay();
  });

  afterAll(() => display?.stop());

  beforeEach(() => {
    sample = copySample();
    app = undefined;
  });

  afterEach(async () => {
    // Not in order: a window with unsaved work would ask. What belongs to the shell has to end with it all the same.
    app?.process().kill('SIGKILL');
    await until('every process is gone', () => processesOf(sample.folder).length === 0, 30_000);
    sample.remove();
  });

  async function open({ withCluster = false } = {}) {
    app = await startDesktop({
      projectPath: sample.projectPath,
      home: join(sample.folder, 'home'),
      clusterFolder: withCluster ? join(sample.folder, 'cluster') : undefined,
      display: display.display,
    });
    const watched = watch(await app.firstWindow());
    await watched.page.getByTestId('canvas').waitFor();
    return { app, ...watched };
  }

  it('opens a window without rights, with a menu, runs a project, and leaves no process behind', async () => {
    const { app: opened, page, errors } = await open({ withCluster: true });
    await steps(page, 'desktop-run', async () => {
      const rights = await page.evaluate(() => [typeof process, typeof require, location.origin].join(' '));
      expect(rights).toBe('undefined undefined app://designer');
      const menu = await opened.evaluate(({ Menu }) => Menu.getApplicationMenu()?.items.map(({ label }) => label));
      expect(menu).toEqual(['File', 'Edit', 'View', 'Run', 'Help']);

      await page.locator('[data-testid="cluster-status"][data-state="running"]').waitFor({ timeout: 60_000 });
      await opened.evaluate(({ Menu }) => Menu.getApplicationMenu()?.getMenuItemById('run')?.click());
      await untilRun(page, 'running');
      await page.getByTestId('jobs-list').getByRole('option').first().waitFor();
      await picture(page, 'desktop');
      expect(errors).toEqual([]);
    });
    expect(processesOf(sample.folder).length).toBeGreaterThan(4);
    await opened.close();
    app = undefined;
    await until('every process is gone', () => processesOf(sample.folder).length === 0, 30_000);
  });

  it('opens another project through the system’s dialog, and saves a bundle where it is told', async () => {
    const other = copySample();
    const manifest = join(other.projectPath, 'millrace.json');
    writeFileSync(manifest, readFileSync(manifest, 'utf8').replace('"Earthquakes"', '"Tremors"'));
    const bundle = join(other.folder, 'out.millrace');
    const { app: opened, page } = await open();
    await steps(page, 'desktop-dialogs', async () => {
      await opened.evaluate(
        ({ dialog }, paths) => {
          dialog.showOpenDialog = async () => ({ canceled: false, filePaths: [paths.folder] });
          dialog.showSaveDialog = async () => ({ canceled: false, filePath: paths.bundle });
        },
        { folder: other.projectPath, bundle },
      );
      await opened.evaluate(({ Menu }) => Menu.getApplicationMenu()?.getMenuItemById('open-project')?.click());
      await page.getByText('Browse…').click();
      await until('the folder is in the field', async () =>
        (await page.getByTestId('field-project-path').locator('input').inputValue()).includes(other.folder),
      );
      await page.getByRole('button', { name: 'Open', exact: true }).click();
      await page.getByText('Tremors').first().waitFor();
      await opened.evaluate(({ Menu }) => Menu.getApplicationMenu()?.getMenuItemById('export')?.click());
      await until(
        'the bundle is written',
        () => existsSync(bundle) && readFileSync(bundle).subarray(0, 2).toString() === 'PK',
      );
    });
    other.remove();
  });

  it('starts the studio again when it crashes, and asks before unsaved work is lost', async () => {
    const { app: opened, page } = await open();
    await steps(page, 'desktop-crash', async () => {
      await showProcess(page, 'triage');
      await page.getByTestId('node-log').click();
      await page.keyboard.press('Delete');
      await page.getByTestId('node-log').waitFor({ state: 'detached' });
      const [studio] = programsOf(sample.folder, 'cli.js');
      process.kill(Number(studio), 'SIGKILL');
      await page.getByText('The studio does not answer').waitFor();
      await until('another studio runs', () => {
        const [now] = programsOf(sample.folder, 'cli.js');
        return now !== undefined && now !== studio;
      });
      await page.getByText('The studio does not answer').waitFor({ state: 'detached' });
      await page.getByTestId('save-button').click();
      await until(
        'the work is saved through the new studio',
        () => !readFileSync(join(sample.projectPath, 'processes/triage.process.json'), 'utf8').includes('"log"'),
      );
      await page.keyboard.press('ControlOrMeta+z');
      await page.getByTestId('node-log').waitFor();
      const title = () => opened.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.getTitle() ?? '');
      await until('the shell knows of the unsaved work', async () => (await title()).startsWith('•'));
      const asked = opened.evaluate(
        ({ dialog }) =>
          new Promise<string>((resolve) => {
            dialog.showMessageBox = async (...given: unknown[]) => {
              resolve((given.at(-1) as { message: string }).message);
              return { response: 2, checkboxChecked: false };
            };
          }),
      );
      await opened.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.close());
      expect(await asked).toContain('not saved');
      expect(await opened.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().length)).toBe(1);
    });
  });
});
