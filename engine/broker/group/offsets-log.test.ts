import { expect, it } from 'vitest';
import { javaHash, partitionForGroup } from './offsets-log.ts';

it.each([
  ['', 0],
  ['a', 97],
  ['hello', 99162322],
  ['polygenelubricants', -(2 ** 31)],
])("hashes %j as Java's String.hashCode does", (text, hash) => {
  expect(javaHash(text)).toBe(hash);
});

it('puts a group whose hash has no absolute value into partition 0, as Kafka does', () => {
  expect(partitionForGroup('polygenelubricants', 50)).toBe(0);
});
