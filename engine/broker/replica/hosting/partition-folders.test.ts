import { describe, expect, it } from 'vitest';
import type { Disk } from '../../../base/disk.ts';
import { silentLog } from '../../../base/log.ts';
import { ManualClock } from '../../../base/testing/manual-clock.ts';
import { MemoryDisk } from '../../../base/testing/memory-disk.ts';
import { SeededRandom } from '../../../base/testing/seeded-random.ts';
import { asideKindOf, asideName, partitionOfFolder } from './folder-names.ts';
import { PartitionFolders } from './partition-folders.ts';

const firstId = 'firstAAAAAAAAAAAAAAAAA';
const secondId = 'secondAAAAAAAAAAAAAAAA';

function setUp(disk = new MemoryDisk(new SeededRandom(1)), seed = 2) {
  const clock = new ManualClock();
  const random = new SeededRandom(seed);
  const folders = new PartitionFolders({ disk, clock, random, log: silentLog, dataFolder: '/data' });
  folders.start();
  /** Prepares a partition's folder and writes into it. */
  const fill = (topic: string, partition: number, topicId: string): void => {
    const prepared = folders.prepare(topic, partition, topicId);
    put(prepared.disk, `${prepared.folder}/00000000000000000000.log`);
  };
  return { disk, clock, folders, fill, names: () => disk.list('/data') };
}

function put(disk: Disk, path: string): void {
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
    const { clock, folders, fill, names } = setUp();
    for (const partition of [0, 1, 2]) fill('orders', partition, firstId);
    for (const partition of [0, 1, 2]) folders.discard('orders', partition, 60_000);
    clock.advance(59_999);
    expect(names().map(asideKindOf)).toEqual(['delete', 'delete', 'delete']);
    clock.advance(10);
    expect(names()).toEqual([]);
  });

  it('remove what an earlier run left, after the delay, and only that', () => {
    const { disk, folders, fill } = setUp();
    fill('orders', 0, firstId);
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
    const { disk, clock, folders, fill, names } = setUp();
    fill('orders', 0, firstId);
    folders.prepare('orders', 0, secondId);
    clock.advance(10 * 60_000);
    const [stray] = names();
    expect(asideKindOf(stray ?? '')).toBe('stray');
    expect(disk.readFile(`/data/${stray}/00000000000000000000.log`)?.toString()).toBe('records');
    expect(setUp(disk, 3).folders.strayCount).toBe(1);
  });

  it('adopt a stray that a hand put back without its id', () => {
    const { disk, folders, fill, names } = setUp();
    fill('orders', 0, firstId);
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
    const list = disk.list.bind(disk);
    disk.list = (path) => list(path.toLowerCase());
    const { fill, folders, names } = setUp(disk);
    const other = folders.prepare('Orders', 0, secondId);
    fill('orders', 0, firstId);
    expect(() => put(other.disk, `${other.folder}/00000000000000000000.log`)).toThrow('differs in case only');
    expect(() => folders.prepare('Orders', 0, secondId)).toThrow('differs in case only');
    expect(names()).toEqual(['orders-0']);
  });

  it('cost an empty partition nothing: its folder comes with its first file, and none goes with a topic that was never written to', () => {
    const { folders, names } = setUp();
    const { folder, disk } = folders.prepare('orders', 0, firstId);
    expect([disk.list(folder), disk.readFile(`${folder}/leader-epoch-checkpoint`), names()]).toEqual([
      [],
      undefined,
      [],
    ]);
    folders.discard('orders', 0, 60_000);
    expect(names()).toEqual([]);
    put(disk, `${folder}/00000000000000000000.log`);
    expect(disk.list(folder)).toEqual(['00000000000000000000.log', 'partition.metadata']);
    expect(folders.topicIdOf('orders', 0)).toBe(firstId);
  });

  it('set aside what a hand put where a new partition is about to write', () => {
    const { disk, folders, fill, names } = setUp();
    const prepared = folders.prepare('orders', 0, secondId);
    fill('orders', 0, firstId);
    put(prepared.disk, `${prepared.folder}/00000000000000000000.log`);
    expect(names().map(asideKindOf)).toEqual([undefined, 'stray']);
    expect(folders.topicIdOf('orders', 0)).toBe(secondId);
    expect(disk.list('/data/orders-0')).toHaveLength(2);
  });
});
