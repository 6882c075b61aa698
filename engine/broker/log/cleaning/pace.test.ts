import { expect, it } from 'vitest';
import type { Clock } from '../../../base/clock.ts';
import { Pace } from './pace.ts';

/** A clock on which others take `othersMs` whenever they have a turn. */
function clockWith(othersMs: number) {
  let nowMs = 0;
  const clock: Clock = {
    now: () => nowMs,
    monotonic: () => nowMs,
    after: (delayMs, callback) => {
      nowMs += delayMs;
      queueMicrotask(callback);
      return () => {};
    },
    soon: (callback) => {
      nowMs += othersMs;
      queueMicrotask(callback);
    },
  };
  return { clock, work: (ms: number) => (nowMs += ms), nowMs: () => nowMs };
}

it.each([
  [0, 0],
  [0.5, 2],
  [5, 5],
])('goes on after a slice of 2 ms, when others take %f ms, %f ms later', async (othersMs, expectedMs) => {
  const { clock, work, nowMs } = clockWith(othersMs);
  const pace = new Pace(clock, Number.POSITIVE_INFINITY);
  work(2);
  await pace.wait(1_000);
  expect(nowMs() - 2).toBe(expectedMs);
});

it('lets no more bytes pass in a second than is allowed', async () => {
  const { clock, nowMs } = clockWith(0);
  const pace = new Pace(clock, 1_000);
  for (let slice = 0; slice < 5; slice++) await pace.wait(500);
  expect(nowMs()).toBe(2_500);
});
