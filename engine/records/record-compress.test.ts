import { describe, expect, it } from 'vitest';
import { SeededRandom } from '../base/testing/seeded-random.ts';
import { compressions } from './record-batch.ts';
import { compress, compressInBackground } from './record-compress.ts';
import { decompress } from './record-decompress.ts';

const samples: Record<string, Buffer> = {
  'no bytes': Buffer.alloc(0),
  'one byte': Buffer.from('x'),
  text: Buffer.from('the same words again and again, '.repeat(40_000)),
  noise: Buffer.from(new SeededRandom(5).bytes(200_000)),
};

describe.each(compressions)('%s', (codec) => {
  it.each(Object.keys(samples))('gives back %s', async (name) => {
    const sample = samples[name]!;
    expect(decompress(codec, compress(codec, sample)).equals(sample)).toBe(true);
    expect(decompress(codec, await compressInBackground(codec, sample)).equals(sample)).toBe(true);
  });
});

it.each([
  ['gzip', 1, 9],
  ['zstd', 1, 19],
] as const)('%s is smaller at a higher level', async (codec, low, high) => {
  const random = new SeededRandom(7);
  const rows = Array.from({ length: 3000 }, (_, id) => ({
    id,
    name: `customer ${(id * 7919) % 503}`,
    amount: random.next().toFixed(3),
  }));
  const words = Buffer.from(rows.map((row) => JSON.stringify(row)).join());
  const fast = compress(codec, words, low);
  const dense = compress(codec, words, high);
  expect(dense.length).toBeLessThan(fast.length);
  expect((await compressInBackground(codec, words, high)).length).toBeLessThan(fast.length);
  expect(decompress(codec, dense).equals(words)).toBe(true);
});

it('writes LZ4 frames of independent blocks, which Java’s clients insist on', () => {
  expect(compress('lz4', samples.text!)[4]! & 0x20).toBe(0x20);
  expect(compress('lz4', samples['no bytes']!)[4]! & 0x20).toBe(0x20);
});
