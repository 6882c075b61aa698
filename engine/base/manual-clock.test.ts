import { expect, it } from 'vitest';
import { ManualClock } from './manual-clock.ts';

it('fires timers by due time, then by creation, and moves time to each of them', () => {
  const clock = new ManualClock(0);
  const fired: [string, number][] = [];
  clock.after(20, () => fired.push(['late', clock.monotonic()]));
  clock.after(10, () => fired.push(['first', clock.monotonic()]));
  clock.after(10, () => fired.push(['second', clock.monotonic()]));
  clock.after(5, () => fired.push(['never', clock.monotonic()]))();
  clock.advance(15);
  expect(fired).toEqual([
    ['first', 10],
    ['second', 10],
  ]);
  expect(clock.monotonic()).toBe(15);
  expect(clock.nextDueMs).toBe(20);
});
