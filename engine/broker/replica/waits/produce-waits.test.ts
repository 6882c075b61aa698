import { expect, it } from 'vitest';
import { ManualClock } from '../../../base/testing/manual-clock.ts';
import { ProduceWaits } from './produce-waits.ts';

function bench() {
  const clock = new ManualClock();
  const waits = new ProduceWaits(clock);
  const settled: string[] = [];
  const add = (name: string, offset: number, timeoutMs: number) =>
    waits.add(offset, timeoutMs, (outcome) => settled.push(`${name} ${outcome}`));
  return { clock, waits, settled, add };
}

it('settles in order up to the high watermark', () => {
  const { waits, settled, add } = bench();
  add('a', 1, 100);
  add('b', 3, 100);
  add('c', 5, 100);
  waits.commit(3);
  expect(settled).toEqual(['a committed', 'b committed']);
  expect(waits.length).toBe(1);
});

it('times each out at its own deadline with one timer', () => {
  const { clock, settled, add } = bench();
  add('slow', 1, 300);
  add('fast', 2, 100);
  add('middle', 3, 200);
  add('for ever', 4, Number.POSITIVE_INFINITY);
  clock.advance(99);
  expect(settled).toEqual([]);
  clock.advance(1);
  expect(settled).toEqual(['fast timed-out']);
  clock.advance(1_000);
  expect(settled).toEqual(['fast timed-out', 'middle timed-out', 'slow timed-out']);
  expect(clock.nextDueMs).toBeUndefined();
});

it('resigns what is not committed, once', () => {
  const { clock, waits, settled, add } = bench();
  add('a', 2, 100);
  waits.resign(1);
  clock.advance(1_000);
  expect(settled).toEqual(['a resigned']);
});
