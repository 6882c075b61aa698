import { expect, it } from 'vitest';
import { SampledRate, throttleMs } from './sampled-rate.ts';
import { measuredBursts, measuredRequestBytes, measuredThrottles } from './testing/measured-curve.ts';

const windows = { samples: 11, sampleMs: 1_000 };
const quota = 100_000;
/** What rounding in the measurement allows for. */
const toleranceMs = 25;

interface Sent {
  readonly atMs: number;
  readonly throttleMs: number;
}

function measured(): readonly Sent[] {
  const throttled = measuredThrottles.map(([second, ms]) => ({ atMs: second * 1_000, throttleMs: ms }));
  const free = measuredBursts.flatMap(({ count, from, to }) =>
    Array.from({ length: count }, (_, index) => ({
      atMs: (from + ((to - from) * index) / count) * 1_000,
      throttleMs: 0,
    })),
  );
  return [...throttled, ...free].sort((a, b) => a.atMs - b.atMs);
}

it('throttles each of 446 requests as Kafka was measured to', () => {
  const rate = new SampledRate(windows);
  const wrong = measured().flatMap(({ atMs, throttleMs: expected }) => {
    rate.record(measuredRequestBytes, atMs);
    const found = throttleMs(rate.sum(atMs), rate.windowMs(atMs), quota);
    return Math.abs(found - expected) <= toleranceMs ? [] : [{ atMs, expected, found }];
  });
  expect(wrong).toEqual([]);
});

it('lets ten seconds of a quota pass at once, and not a byte more', () => {
  const rate = new SampledRate(windows);
  rate.record(10 * quota, 0);
  expect(throttleMs(rate.sum(0), rate.windowMs(0), quota)).toBe(0);
  rate.record(1, 0);
  expect(throttleMs(rate.sum(0), rate.windowMs(0), 1_000)).toBe(990_001);
});

it('takes a rate over 10 to 11 seconds, growing within a second', () => {
  const rate = new SampledRate(windows);
  rate.record(1, 0);
  expect([0, 400, 999, 1_000, 1_500].map((nowMs) => rate.windowMs(nowMs))).toEqual([
    10_000, 10_400, 10_999, 10_000, 10_500,
  ]);
});

it('forgets a sample when its last event is a window old', () => {
  const rate = new SampledRate(windows);
  rate.record(500, 0);
  rate.record(300, 900);
  rate.record(7, 1_000);
  expect(rate.sum(11_899)).toBe(807);
  expect(rate.sum(11_900)).toBe(7);
  expect(rate.sum(12_000)).toBe(0);
});

it('takes back what was booked', () => {
  const rate = new SampledRate(windows);
  rate.record(500, 0);
  rate.record(-500, 10);
  expect(rate.sum(10)).toBe(0);
});
