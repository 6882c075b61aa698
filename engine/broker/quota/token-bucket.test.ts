import { expect, it } from 'vitest';
import { TokenBucket } from './token-bucket.ts';

it('lets a request pass that takes more than there is, and makes the next one wait', () => {
  const bucket = new TokenBucket(1, 11, 0);
  bucket.take(15, 40);
  expect(bucket.throttleMs(86)).toBe(3_954);
  expect(bucket.throttleMs(4_041)).toBe(0);
});

it('fills up to its capacity and no further', () => {
  const bucket = new TokenBucket(2, 5, 0);
  bucket.take(4, 0);
  expect(bucket.tokens(1_000)).toBe(8);
  expect(bucket.tokens(60_000)).toBe(10);
});

it('keeps what was taken when its rate changes', () => {
  const bucket = new TokenBucket(1, 10, 0);
  bucket.take(30, 0);
  bucket.setRate(10, 0);
  expect(bucket.throttleMs(0)).toBe(2_000);
  bucket.setRate(0.5, 60_000);
  expect(bucket.tokens(60_000)).toBe(5);
});
