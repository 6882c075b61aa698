import { expect, it } from 'vitest';
import { SmoothUsage, WindowUsage } from './quota-usage.ts';

const windows = { samples: 11, sampleMs: 1_000 };
const limit = 100_000;

/** Bytes let through in each second to a client that sends 10 kB at a time and waits as it is told. */
function bytesPerSecond(usage: SmoothUsage | WindowUsage, seconds: number): number[] {
  const bytes = Array<number>(seconds).fill(0);
  for (let nowMs = 0; nowMs < seconds * 1_000; ) {
    bytes[Math.floor(nowMs / 1_000)]! += 10_000;
    nowMs += 3 + usage.book(10_000, limit, nowMs);
  }
  return bytes;
}

it('gives the same average with no burst but the first second’s, and no trickle', () => {
  const smooth = bytesPerSecond(new SmoothUsage(windows), 40);
  expect(smooth[0]).toBeLessThanOrEqual(220_000);
  expect(Math.min(...smooth.slice(1))).toBeGreaterThanOrEqual(80_000);
  expect(Math.max(...smooth.slice(1))).toBeLessThanOrEqual(120_000);
  const kafka = bytesPerSecond(new WindowUsage(windows), 40);
  expect(Math.min(...kafka)).toBeLessThanOrEqual(10_000);
  expect(Math.max(...kafka)).toBeGreaterThan(900_000);
});

it('has quotas that grow and shrink', () => {
  const usage = new SmoothUsage(windows);
  expect(usage.book(300_000, limit, 0)).toBe(2_000);
  expect(usage.book(0, limit * 2, 0)).toBe(1_000);
});
