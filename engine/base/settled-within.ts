import type { Clock } from './clock.ts';

/** Waits until a promise is settled, either way, but at most `waitMsMax`; false when that ran out. */
export function settledWithin(clock: Clock, waitMsMax: number, promise: Promise<unknown>): Promise<boolean> {
  return new Promise((resolve) => {
    const cancel = clock.after(waitMsMax, () => resolve(false));
    const settled = () => {
      cancel();
      resolve(true);
    };
    promise.then(settled, settled);
  });
}
