import { MillraceError } from '../../../engine/base/errors.ts';
import { activityRuntime } from '../../../engine/spi/define-runtime.ts';
import sleep from './activity.ts';

const delayMsMax = 2_000_000_000;

/** Sleeps on the engine's clock; an execution that is given up wakes at once. */
export const runtime = activityRuntime(sleep, ({ delayMs: setting }, { clock }) => ({
  execute: ({ delayMs: given }, { signal }) => {
    const delayMs = given ?? setting;
    if (typeof delayMs !== 'number' || !(delayMs >= 0 && delayMs <= delayMsMax))
      throw new MillraceError(
        'SLEEP_INVALID',
        `expected milliseconds from 0 to ${delayMsMax}, but found ${JSON.stringify(given)}`,
      );
    return new Promise((resolve) => {
      const from = clock.monotonic();
      const wake = () => resolve({ sleptMs: clock.monotonic() - from });
      const cancel = clock.after(delayMs, wake);
      signal.addEventListener('abort', () => {
        cancel();
        wake();
      });
    });
  },
}));
