import { describe, expect, it } from 'vitest';
import { silentLog } from '../../../base/log.ts';
import { ManualClock } from '../../../base/manual-clock.ts';
import { MemoryDisk } from '../../../base/memory-disk.ts';
import { SeededRandom } from '../../../base/seeded-random.ts';
import { asideKindOf, asideName, partitionOfFolder } from './folder-names.ts';
import { PartitionFolders } from './partition-folders.ts';

const firstId = 'firstAAAAAAAAAAAAAAAAA';
const secondId = 'secondAAAAAAAAAAAAAAAA';

function setUp(disk = new MemoryDisk(new SeededRandom(1)), seed = 2) {
  const clock = new ManualClock();
  const random = new SeededRandom(seed);
  const folders = new PartitionFolders({ disk, clock, random, log: silentLog, dataFolder: '/data' });
  folders.start();
  return { disk, clock, folders, names: () => disk.list('/data') };
}

function put(disk: MemoryDisk, path: string): void {
  disk.writeFileAtomic(path, Buffer.from('records'));
}

describe('folder names', () => {
  it.each(['a', 'x-0.0123456789abcdef0123456789abcdef-delete', 'x-0-stray', '...', 'l'.repeat(249)])(
    'of a topic named %s are no folder put aside, and are found again',
    (topic) => {
      expect(asideKindOf(`${topic}-0`)).toBeUndefined();
      expect(partitionOfFolder(`${topic}-7`)).toEqual({ topic, partition: 7 });
      const aside = asideName(topic, 7, new Uint8Array(16), 'stray');
      expect(aside.length).toBeLessThanOrEqual(255);
      expect(asideKindOf(aside)).toBe('stray');
      expect(partitionOfFolder(aside)).toBeUndefined();
      expect(aside).toMatch(/-7\.0{32}-stray$/);
    },
  );

  it.each(['backup-delete', 'orders-0.1234-delete', 'meta.properties', 'orders-0'])('leaves %s alone', (name) => {
    expect(asideKindOf(name)).toBeUndefined();
  });
});

describe('partition folders', () => {
  it('refuse the folder of the quorum’s log, whatever the metadata says, and never list it', () => {
    const { disk, folders } = setUp();
    put(disk, '/data/__cluster_metadata-0/quorum-state');
    put(disk, '/data/__cluster_metadata-0/partition.metadata');
    for (const partition of [0, 1])
      expect(() => folders.prepare('__cluster_metadata', partition, firstId)).toThrow('folder of the broker itself');
    expect(folders.list()).toEqual([]);
  });

  it('keep a deleted topic for the delay, then remove one folder after the other', () => {
    const { clock, folders, names } = setUp();
    for (const partition of [0, 1, 2]) folders.prepare('orders', partition, firstId);
    for (const partition of [0, 1, 2]) folders.discard('orders', partition, 60_000);
    clock.advance(59_999);
    expect(names().map(asideKindOf)).toEqual(['delete', 'delete', 'delete']);
    clock.advance(10);
    expect(names()).toEqual([]);
  });

  it('remove what an earlier run left, after the delay, and only that', () => {
    const { disk, folders } = setUp();
    folders.prepare('orders', 0, firstId);
    folders.discard('orders', 0, 60_000);
    folders.stop();
    put(disk, '/data/backup-delete/file');
    const next = setUp(disk, 3);
    next.clock.advance(59_999);
    expect(next.names()).toHaveLength(2);
    next.clock.advance(2);
    expect(next.names()).toEqual(['backup-delete']);
  });

  it('never remove strays, and count them at the next start', () => {
    const { disk, clock, folders, names } = setUp();
    put(disk, `${folders.prepare('orders', 0, firstId)}/00000000000000000000.log`);
    expect(folders.prepare('orders', 0, secondId)).toBe('/data/orders-0');
    clock.advance(10 * 60_000);
    const [, stray] = names();
    expect(asideKindOf(stray ?? '')).toBe('stray');
    expect(disk.readFile(`/data/${stray}/00000000000000000000.log`)?.toString()).toBe('records');
    expect(setUp(disk, 3).folders.strayCount).toBe(1);
  });

  it('adopt a stray that a hand put back without its id', () => {
    const { disk, folders, names } = setUp();
    put(disk, `${folders.prepare('orders', 0, firstId)}/00000000000000000000.log`);
    const stray = folders.setAside('orders', 0);
    disk.rename(`/data/${stray}`, '/data/orders-0');
    disk.remove('/data/orders-0/partition.metadata');
    folders.prepare('orders', 0, secondId);
    expect(names()).toEqual(['orders-0']);
    expect(disk.readFile('/data/orders-0/00000000000000000000.log')?.toString()).toBe('records');
  });

  it('keep the first of two topics whose names differ in case only, where the file system does not tell them apart', () => {
    const disk = new MemoryDisk(new SeededRandom(1));
    const read = disk.readFile.bind(disk);
    disk.readFile = (path) => read(path.toLowerCase());
    const { folders, names } = setUp(disk);
    folders.prepare('orders', 0, firstId);
    expect(() => folders.prepare('Orders', 0, secondId)).toThrow('differs in case only');
    expect(names()).toEqual(['orders-0']);
  });
});
