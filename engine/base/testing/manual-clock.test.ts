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

it('keeps the order of many timers, whatever is cancelled and added on the way', () => {
  const clock = new ManualClock(0);
  const due: number[] = [];
  const cancels = Array.from({ length: 1_000 }, (_, index) => {
    const dueMs = (index * 7_919) % 1_009;
    return clock.after(dueMs, () => {
      due.push(dueMs);
      if (dueMs % 10 === 0) clock.after(3, () => due.push(dueMs + 3));
    });
  });
  for (let index = 0; index < cancels.length; index += 3) cancels[index]!();
  clock.advance(2_000);
  expect(due.length).toBeGreaterThan(666);
  expect(due).toEqual(due.toSorted((a, b) => a - b));
  expect(clock.nextDueMs).toBeUndefined();
  expect(clock.step()).toBe(false);
});

it('never fires a timer before the time it was set for, whatever fractions are involved', () => {
  const clock = new ManualClock(0);
  for (let index = 1; index <= 2_000; index++) {
    clock.advance((index * 0.377_123) % 7);
    const deadlineMs = clock.monotonic() + (index * 1.000_077) / 3.3;
    let firedAtMs = -1;
    clock.after(deadlineMs - clock.monotonic(), () => {
      firedAtMs = clock.monotonic();
    });
    clock.step();
    expect(firedAtMs).toBeGreaterThanOrEqual(deadlineMs);
  }
});
