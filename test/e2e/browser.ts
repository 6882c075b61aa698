import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { chromium } from 'playwright-core';
import { findChromium } from '../../scripts/chromium.ts';

/** Why browser tests cannot run here, or undefined. */
export const whyNoBrowser =
  findChromium() === undefined ? 'no Chromium on this machine; install one or name it in MILLRACE_CHROMIUM' : undefined;

/** Where pictures of failed tests, and of those that ask for one, go. */
const pictureFolder = process.env.MILLRACE_PICTURES ?? join(import.meta.dirname, '../../.pictures');

/** A Chromium that asks nothing and calls nobody. */
export function startBrowser(): Promise<Browser> {
  return chromium.launch({
    executablePath: findChromium() ?? '',
    args: [
      '--headless',
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
}

/** A page, and what went wrong in it. */
export interface WatchedPage {
  readonly page: Page;
  /** Console errors and uncaught exceptions, in order. */
  readonly errors: string[];
}

/** Notes everything that goes wrong in a page. */
export function watch(page: Page): WatchedPage {
  const errors: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error') errors.push(message.text());
  });
  page.on('pageerror', (error) => errors.push(error.message));
  page.setDefaultTimeout(30_000);
  return { page, errors };
}

/** Takes a picture for people to look at. */
export async function picture(page: Page, name: string): Promise<void> {
  mkdirSync(pictureFolder, { recursive: true });
  await page.screenshot({ path: join(pictureFolder, `${name}.png`), animations: 'disabled' });
}

/** Runs the steps of a test; takes a picture when one of them fails. */
export async function steps(page: Page, name: string, run: () => Promise<void>): Promise<void> {
  try {
    await run();
  } catch (error) {
    await picture(page, `failed-${name}`).catch(() => {});
    throw error;
  }
}
