import { describe, expect, it } from 'vitest';
import { MemoryDisk } from '../../base/testing/memory-disk.ts';
import { SeededRandom } from '../../base/testing/seeded-random.ts';
import { forgetCleanShutdown, markCleanShutdown, noteUntouchedStart, openDataFolder } from './data-folder.ts';

const owner = { brokerId: 1, clusterId: 'AAAAAAAAAAAAAAAAAAAAAw' };

describe('openDataFolder', () => {
  it('keeps the folder id, and takes the mark of a clean shutdown once', () => {
    const random = new SeededRandom(1);
    const disk = new MemoryDisk(random);
    const first = openDataFolder(disk, '/data', random, owner);
    expect(first.cleanBrokerEpoch).toBe(-1);
    markCleanShutdown(disk, '/data', 42);
    expect(openDataFolder(disk, '/data', random, owner)).toEqual({ ...first, cleanBrokerEpoch: 42 });
    expect(openDataFolder(disk, '/data', random, owner).cleanBrokerEpoch).toBe(42);
    const start = { incarnationId: 'BBBBBBBBBBBBBBBBBBBBBw', address: '127.0.0.1:9092' };
    noteUntouchedStart(disk, '/data', 42, start);
    expect(openDataFolder(disk, '/data', random, owner)).toMatchObject({ cleanBrokerEpoch: 42, untouchedStart: start });
    markCleanShutdown(disk, '/data', 43);
    expect(openDataFolder(disk, '/data', random, owner).untouchedStart).toBeUndefined();
    forgetCleanShutdown(disk, '/data');
    expect(openDataFolder(disk, '/data', random, owner)).toEqual(first);
  });

  it('refuses the data of another broker or cluster', () => {
    const random = new SeededRandom(1);
    const disk = new MemoryDisk(random);
    openDataFolder(disk, '/data', random, owner);
    for (const other of [
      { ...owner, brokerId: 2 },
      { ...owner, clusterId: 'BBBBBBBBBBBBBBBBBBBBBw' },
    ])
      expect(() => openDataFolder(disk, '/data', random, other)).toThrow(
        expect.objectContaining({ code: 'DATA_FOLDER_FOREIGN' }),
      );
  });
});
