import { expect, it } from 'vitest';
import { coordinatorPartition, javaHash } from './coordinator-partition.ts';

it.each([
  ['', 0],
  ['a', 97],
  ['hello', 99162322],
  ['polygenelubricants', -(2 ** 31)],
])("hashes %j as Java's String.hashCode does", (text, hash) => {
  expect(javaHash(text)).toBe(hash);
});

it('puts an id whose hash has no absolute value into partition 0, as Kafka does', () => {
  expect(coordinatorPartition('polygenelubricants', 50)).toBe(0);
});
