import type { CDPSession, Page } from 'playwright-core';

const sessions = new WeakMap<Page, { readonly session: CDPSession; sinceSeconds: number }>();

/** Notes from now on how long the page's main thread works; starts anew when called again. */
export async function watchMainThread(page: Page): Promise<void> {
  let watch = sessions.get(page);
  if (!watch) {
    const session = await page.context().newCDPSession(page);
    // Its own time on the processor: what else runs on the machine must not decide.
    await session.send('Performance.enable', { timeDomain: 'threadTicks' });
    watch = { session, sinceSeconds: 0 };
    sessions.set(page, watch);
  }
  watch.sinceSeconds = await taskSeconds(watch.session);
}

/** How long the main thread has worked since `watchMainThread`, ms of processor time; waits until the next frame is drawn. */
export async function busyMs(page: Page): Promise<number> {
  const watch = sessions.get(page);
  if (!watch) throw new Error('expected watchMainThread before busyMs');
  await page.evaluate(
    () => new Promise<void>((resolve) => requestAnimationFrame(() => requestAnimationFrame(() => resolve()))),
  );
  return ((await taskSeconds(watch.session)) - watch.sinceSeconds) * 1_000;
}

async function taskSeconds(session: CDPSession): Promise<number> {
  const { metrics } = await session.send('Performance.getMetrics');
  const seconds = metrics.find(({ name }) => name === 'TaskDuration')?.value;
  if (seconds === undefined) throw new Error('expected TaskDuration among the metrics of the page, found none');
  return seconds;
}
