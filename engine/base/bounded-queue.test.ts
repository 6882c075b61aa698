import { expect, it } from 'vitest';
import { BoundedQueue } from './bounded-queue.ts';

it('gives items back in order, across growth and wrap-around', () => {
  const queue = new BoundedQueue<number>(40);
  const out: (number | undefined)[] = [];
  for (let round = 0; round < 10; round++) {
    for (let item = 0; item < 7; item++) queue.push(round * 7 + item);
    for (let item = 0; item < 4; item++) out.push(queue.shift());
  }
  while (queue.length) out.push(queue.shift());
  expect(out).toEqual(Array.from({ length: 70 }, (_, index) => index));
});

it('refuses an item beyond its capacity and keeps the others', () => {
  const queue = new BoundedQueue<string>(2);
  expect([queue.push('a'), queue.push('b'), queue.push('c')]).toEqual([true, true, false]);
  expect([queue.peek(), queue.shift(), queue.shift(), queue.shift()]).toEqual(['a', 'a', 'b', undefined]);
});
