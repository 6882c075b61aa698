import { expect, it } from 'vitest';
import { MemoryDisk } from '../../../base/testing/memory-disk.ts';
import { SeededRandom } from '../../../base/testing/seeded-random.ts';
import { TopicIdFiles } from './topic-id-files.ts';

const path = (partition: number) => `/data/orders-${partition}/partition.metadata`;
const content = 'version: 0\ntopic_id: AAAAAAAAAAAAAAAAAAAAAw\n';

/** Syncs complete when the test says so. */
function setUp() {
  const disk = new MemoryDisk(new SeededRandom(1));
  const complete: (() => void)[] = [];
  disk.scheduleSync = (done) => complete.push(done);
  const files = new TopicIdFiles();
  const write = (partition: number) => files.write(disk, path(partition), 'AAAAAAAAAAAAAAAAAAAAAw');
  return { disk, complete, write };
}

async function settle(): Promise<void> {
  for (let turn = 0; turn < 10; turn++) await Promise.resolve();
}

it('has written a file when the call ends, and syncs one after the other', async () => {
  const { disk, complete, write } = setUp();
  for (const partition of [0, 1, 2]) write(partition);
  expect(disk.readFile(path(2))?.toString()).toBe(content);
  for (const partition of [0, 1, 2]) {
    expect(complete, `sync of partition ${partition}`).toHaveLength(1);
    complete.pop()?.();
    await settle();
  }
  expect(complete).toHaveLength(0);
  disk.crash({ unsynced: 'lose' });
  expect([0, 1, 2].map((partition) => disk.readFile(path(partition))?.toString())).toEqual([content, content, content]);
});

it('replaces what was there, and leaves out a folder that was put aside meanwhile', async () => {
  const { disk, complete, write } = setUp();
  disk.writeFileAtomic(path(0), Buffer.from(`version: 0\ntopic_id: longer than the id that follows it\n`));
  for (const partition of [0, 1]) write(partition);
  expect(disk.readFile(path(0))?.toString()).toBe(content);
  disk.rename('/data/orders-1', '/data/orders-1.aside');
  complete.pop()?.();
  await settle();
  expect([complete.length, disk.readFile(path(1))]).toEqual([0, undefined]);
});

it('does nothing more on a disk whose machine has crashed', async () => {
  const { disk, complete, write } = setUp();
  for (const partition of [0, 1]) write(partition);
  disk.crash({ unsynced: 'keep' });
  complete.pop()?.();
  await settle();
  expect(complete).toHaveLength(0);
});

it('is settled when all files are synced, or the disk has failed', async () => {
  const { disk } = setUp();
  disk.scheduleSync = (done) => done();
  const files = new TopicIdFiles();
  const write = (partition: number) => files.write(disk, path(partition), 'AAAAAAAAAAAAAAAAAAAAAw');
  for (const partition of [0, 1, 2]) write(partition);
  const left: number[] = [];
  await files.settled(disk, (count) => left.push(count));
  expect(left.at(-1)).toBe(0);
  let syncs = 0;
  disk.beforeWrite = (kind) => {
    if (kind !== 'sync') return;
    syncs++;
    throw new Error('the disk is gone');
  };
  for (const partition of [3, 4]) write(partition);
  await files.settled(disk);
  expect(syncs).toBeGreaterThan(0);
  disk.crash({ unsynced: 'lose' });
  expect([2, 4].map((partition) => disk.readFile(path(partition))?.toString())).toEqual([content, '']);
});
