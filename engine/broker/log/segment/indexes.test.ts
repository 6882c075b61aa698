import { describe, expect, it } from 'vitest';
import { MemoryDisk } from '../../../base/testing/memory-disk.ts';
import { SeededRandom } from '../../../base/testing/seeded-random.ts';
import { OffsetIndex } from './offset-index.ts';
import { TimeIndex } from './time-index.ts';

function offsetIndex(bytesMax = 80, disk = new MemoryDisk(new SeededRandom(1)), fresh = true) {
  return { disk, index: new OffsetIndex(100, { disk, path: 'i', bytesMax, fresh }) };
}

function timeIndex(bytesMax = 120, disk = new MemoryDisk(new SeededRandom(1)), fresh = true) {
  return { disk, index: new TimeIndex(100, { disk, path: 't', bytesMax, fresh }) };
}

describe('offset index', () => {
  it('finds the entry at or below an offset', () => {
    const { index } = offsetIndex();
    for (const [offset, position] of [
      [105, 50],
      [110, 90],
      [120, 200],
    ] as const)
      index.append(offset, position);
    const found = [99, 100, 104, 105, 109, 110, 119, 120, 999].map((offset) => index.lookup(offset).position);
    expect(found).toEqual([0, 0, 0, 50, 50, 90, 90, 200, 200]);
    expect([0, 50, 89, 90, 199, 1000].map((position) => index.boundaryBefore(position))).toEqual([
      0, 50, 50, 90, 90, 200,
    ]);
  });

  it('writes Kafka entries: relative offset and position, big-endian, no tail', () => {
    const { disk, index } = offsetIndex();
    index.append(105, 50);
    index.append(0x100 + 100, 0x1234);
    index.settle();
    expect(disk.readFile('i')?.toString('hex')).toBe('0000000500000032' + '0000010000001234');
    expect(offsetIndex(80, disk, false).index.last).toEqual({ offset: 0x100 + 100, position: 0x1234 });
  });

  it('drops entries at or above an offset, in the file too', () => {
    const { disk, index } = offsetIndex();
    for (let at = 0; at < 5; at++) index.append(100 + at * 10, at * 100);
    index.settle();
    index.truncateTo(120);
    expect(index.last).toEqual({ offset: 110, position: 100 });
    index.append(115, 150);
    index.settle();
    expect(offsetIndex(80, disk, false).index.entries).toBe(3);
  });

  it('takes no more entries than fit', () => {
    const { index } = offsetIndex(16);
    for (let at = 0; at < 5; at++) index.append(100 + at, at * 100);
    expect([index.entries, index.isFull]).toEqual([2, true]);
  });

  it('tells files that cannot be right', () => {
    const cases: [string, Buffer | undefined, boolean][] = [
      ['missing', undefined, false],
      ['empty', Buffer.alloc(0), true],
      ['part of an entry', Buffer.alloc(9), false],
      ['good', Buffer.from('0000000100000010' + '0000000500000032', 'hex'), true],
      ['zeros at the end', Buffer.from('0000000500000032' + '0000000000000000', 'hex'), false],
      ['zeros in the middle', Buffer.from('0000000100000010' + '0000000000000000' + '0000000500000032', 'hex'), false],
      ['nothing but zeros', Buffer.alloc(16), false],
      ['beyond the segment', Buffer.from('0000000500000400', 'hex'), false],
    ];
    for (const [name, content, expected] of cases) {
      const disk = new MemoryDisk(new SeededRandom(1));
      if (content) disk.writeFileAtomic('i', content);
      expect(offsetIndex(80, disk, false).index.isPlausible(1000), name).toBe(expected);
    }
  });
});

describe('time index', () => {
  it('keeps timestamps ascending and finds the entry at or below one', () => {
    const { index } = timeIndex();
    for (const [time, offset] of [
      [10, 101],
      [10, 103],
      [5, 104],
      [30, 110],
    ] as const)
      index.append(time, offset);
    expect(index.entries).toBe(2);
    expect([9, 10, 29, 30, 99].map((time) => index.lookup(time).offset)).toEqual([100, 101, 101, 110, 110]);
  });

  it('keeps its last entry for the closing of the segment', () => {
    const { index } = timeIndex(36);
    for (let at = 1; at < 6; at++) index.append(at, 100 + at);
    expect([index.entries, index.isFull]).toEqual([2, true]);
    index.append(9, 109, true);
    index.append(10, 110, true);
    expect(index.last).toEqual({ timestampMs: 9, offset: 109 });
  });

  it('writes Kafka entries: timestamp and relative offset, big-endian', () => {
    const { disk, index } = timeIndex();
    index.append(0x18bcfe56800, 107);
    index.settle();
    expect(disk.readFile('t')?.toString('hex')).toBe('0000018bcfe5680000000007');
  });
});
