import type { Page } from 'playwright-core';

/** Notes from now on how long the page goes without drawing a frame; starts anew when called again. */
export async function watchFrames(page: Page): Promise<void> {
  await page.evaluate(() => {
    const watch = { longestMs: 0, lastMs: performance.now() };
    const isWatched = 'frameWatch' in window;
    Object.assign(window, { frameWatch: watch });
    if (isWatched) return;
    const tick = (): void => {
      const { frameWatch } = window as unknown as { frameWatch: typeof watch };
      const now = performance.now();
      frameWatch.longestMs = Math.max(frameWatch.longestMs, now - frameWatch.lastMs);
      frameWatch.lastMs = now;
      requestAnimationFrame(tick);
    };
    requestAnimationFrame(tick);
  });
}

/** The longest time without a frame since `watchFrames`, ms; waits for the frame that ends the present one. */
export function longestGapMs(page: Page): Promise<number> {
  return page.evaluate(
    () =>
      new Promise<number>((resolve) => {
        const { frameWatch } = window as unknown as { frameWatch: { longestMs: number } };
        requestAnimationFrame(() => requestAnimationFrame(() => resolve(frameWatch.longestMs)));
      }),
  );
}
