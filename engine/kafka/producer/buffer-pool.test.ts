import { expect, it } from 'vitest';
import { BufferPool } from './buffer-pool.ts';

it('never hands out memory that it did not make: a small copy shares its slab with the records of others', () => {
  const pool = new BufferPool();
  const copies = Array.from({ length: 40 }, () => Buffer.from('a batch that was copied'));
  const records = Array.from({ length: 40 }, () => Buffer.from('a record'));
  for (const copy of copies) pool.give(copy);
  for (let count = 0; count < 40; count++) pool.take(Buffer.poolSize).fill(0);
  expect(records.map(String)).toEqual(records.map(() => 'a record'));
});

it('hands out again what it was given back', () => {
  const pool = new BufferPool();
  const first = pool.take(5_000);
  pool.give(first.subarray(0, 5_000));
  expect(pool.take(6_000).buffer).toBe(first.buffer);
});
