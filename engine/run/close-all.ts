import type { Clock } from '../base/clock.ts';
import { settledWithin } from '../base/settled-within.ts';

/** How long activities, starters or resources may take to close. */
export const closeWaitMsMax = 10_000;

/** Ends all of `work` side by side, whatever one of them throws; false when that took longer than `closeWaitMsMax`. */
export function closeAll(clock: Clock, work: readonly (() => Promise<void> | undefined)[]): Promise<boolean> {
  const ends = work.map(async (end) => end());
  return settledWithin(clock, closeWaitMsMax, Promise.allSettled(ends));
}
