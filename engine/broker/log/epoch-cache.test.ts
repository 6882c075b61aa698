import { describe, expect, it } from 'vitest';
import { MemoryDisk } from '../../base/testing/memory-disk.ts';
import { SeededRandom } from '../../base/testing/seeded-random.ts';
import { EpochCache } from './epoch-cache.ts';

function cacheOf(entries: readonly (readonly [number, number])[], disk = new MemoryDisk(new SeededRandom(1))) {
  const cache = new EpochCache(disk, 'p-0');
  for (const [epoch, startOffset] of entries) cache.assign(epoch, startOffset);
  return { cache, disk };
}

const flat = (cache: EpochCache) => cache.entries.map(({ epoch, startOffset }) => [epoch, startOffset]);

describe('epoch cache', () => {
  it('answers where an epoch ends (KIP-101, KIP-279)', () => {
    const { cache } = cacheOf([
      [2, 6],
      [3, 8],
      [5, 11],
    ]);
    const table: [number, number, number][] = [
      [-1, -1, -1], // no epoch was asked for
      [1, 1, 6], // older than all: ends where the first known one starts
      [2, 2, 8],
      [3, 3, 11],
      [4, 3, 11], // unknown in between: the next lower one
      [5, 5, 20], // the latest ends with the log
      [6, -1, -1], // newer than all
    ];
    for (const [asked, epoch, endOffset] of table)
      expect(cache.endOf(asked, 20), `epoch ${asked}`).toEqual({ epoch, endOffset });
    expect(cacheOf([]).cache.endOf(0, 0)).toEqual({ epoch: -1, endOffset: -1 });
  });

  it('drops what a new epoch contradicts', () => {
    const table: [readonly (readonly [number, number])[], readonly [number, number], number[][]][] = [
      [[[1, 0]], [1, 5], [[1, 0]]],
      [
        [
          [1, 0],
          [2, 10],
        ],
        [3, 10],
        [
          [1, 0],
          [3, 10],
        ],
      ], // epoch 2 wrote nothing
      [
        [
          [1, 0],
          [2, 10],
          [3, 20],
        ],
        [4, 15],
        [
          [1, 0],
          [2, 10],
          [4, 15],
        ],
      ],
      [
        [
          [1, 0],
          [5, 10],
        ],
        [3, 12],
        [
          [1, 0],
          [3, 12],
        ],
      ],
      [[[4, 7]], [4, 3], [[4, 3]]],
      [[], [-1, 3], []],
    ];
    for (const [before, [epoch, startOffset], after] of table) {
      const { cache } = cacheOf(before);
      cache.assign(epoch, startOffset);
      expect(flat(cache)).toEqual(after);
    }
  });

  it('is not disturbed by batches it knows already: recovery tells it again', () => {
    const { cache } = cacheOf([
      [1, 0],
      [2, 10],
      [3, 20],
    ]);
    for (const [epoch, offset] of [
      [1, 5],
      [2, 10],
      [2, 15],
      [3, 25],
    ] as const)
      cache.assign(epoch, offset);
    expect(flat(cache)).toEqual([
      [1, 0],
      [2, 10],
      [3, 20],
    ]);
  });

  it('knows the epoch of an offset', () => {
    const { cache } = cacheOf([
      [2, 6],
      [3, 8],
    ]);
    expect([5, 6, 7, 8, 99].map((offset) => cache.at(offset))).toEqual([-1, 2, 2, 3, 3]);
  });

  it('is cut at both ends', () => {
    const { cache } = cacheOf([
      [1, 0],
      [2, 10],
      [3, 20],
      [4, 30],
    ]);
    cache.truncateFromEnd(30);
    cache.truncateFromStart(12);
    expect(flat(cache)).toEqual([
      [2, 12],
      [3, 20],
    ]);
    cache.truncateFromEnd(12);
    expect(cache.latest).toBe(-1);
  });

  it('keeps Kafka text in its file, and reads nothing else', () => {
    const { cache, disk } = cacheOf([
      [0, 0],
      [3, 14],
    ]);
    cache.save();
    const path = 'p-0/leader-epoch-checkpoint';
    expect(disk.readFile(path)?.toString()).toBe('0\n2\n0 0\n3 14\n');
    const again = new EpochCache(disk, 'p-0');
    expect([again.load(), flat(again)]).toEqual([
      true,
      [
        [0, 0],
        [3, 14],
      ],
    ]);
    for (const text of ['', '1\n0\n', '0\n3\n0 0\n', '0\n2\n3 0\n1 5\n', '0\n1\nx y\n']) {
      disk.writeFileAtomic(path, Buffer.from(text));
      expect([again.load(), flat(again)], JSON.stringify(text)).toEqual([false, []]);
    }
  });
});
