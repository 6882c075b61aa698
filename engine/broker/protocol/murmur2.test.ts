import { expect, it } from 'vitest';
import { murmur2, partitionForKey } from './murmur2.ts';

it.each([
  ['21', -973_932_308],
  ['foobar', -790_332_482],
  ['a-little-bit-long-string', -985_981_536],
  ['a-little-bit-longer-string', -1_486_304_829],
  ['lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8', -58_897_971],
  ['abc', 479_470_107],
])('hashes %s as the Java client does', (key, hash) => {
  expect(murmur2(Buffer.from(key))).toBe(hash);
});

it('turns a negative hash into a partition by dropping its sign bit', () => {
  expect(partitionForKey(Buffer.from('21'), 1_000)).toBe((-973_932_308 & 0x7fffffff) % 1_000);
});
