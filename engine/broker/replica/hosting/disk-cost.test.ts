import { expect, it } from 'vitest';
import { MemoryDisk } from '../../../base/testing/memory-disk.ts';
import { SeededRandom } from '../../../base/testing/seeded-random.ts';
import type { Partition } from '../partition.ts';
import { hostedOn, oneRecord } from './testing/hosted-on.ts';

const partitions = 200;
const numbers = Array.from({ length: partitions }, (_, partition) => partition);

/** A disk that counts what is done to the files of partitions, and what is done to others. */
function countingDisk() {
  const disk = new MemoryDisk(new SeededRandom(1));
  const counts = { ofPartitions: 0, syncs: 0, ofOthers: 0 };
  disk.beforeWrite = (kind, path) => {
    if (!path.includes('/orders-')) counts.ofOthers++;
    else if (kind === 'sync' || kind === 'atomic') counts.syncs++;
    else counts.ofPartitions++;
  };
  const open = disk.open.bind(disk);
  const readFile = disk.readFile.bind(disk);
  const list = disk.list.bind(disk);
  const remove = disk.remove.bind(disk);
  let opened = 0;
  let asked = 0;
  disk.open = (path) => {
    if (path.includes('/orders-')) opened++;
    return open(path);
  };
  disk.readFile = (path) => {
    if (path.includes('/orders-')) asked++;
    return readFile(path);
  };
  disk.list = (path) => {
    if (path.includes('/orders-')) asked++;
    return list(path);
  };
  disk.remove = (path) => {
    if (path.includes('/orders-')) asked++;
    remove(path);
  };
  return {
    disk,
    /** Counts since the last call. */
    take: () => {
      const taken = { ...counts, opened, asked };
      Object.assign(counts, { ofPartitions: 0, syncs: 0, ofOthers: 0 });
      opened = 0;
      asked = 0;
      return taken;
    },
  };
}

const nothing = { ofPartitions: 0, syncs: 0, opened: 0 };

function append(all: readonly Partition[]): void {
  for (const partition of all) expect(partition.append(oneRecord(), { acks: 1, origin: 'client' }).ok).toBe(true);
}

it('an empty partition costs no file: not when it is opened, not in a checkpoint, not at a stop, not at the next start', async () => {
  const { disk, take } = countingDisk();
  for (const isClean of [false, true]) {
    const { hosted, open } = hostedOn(disk, isClean);
    for (const partition of numbers) open(partition);
    await hosted.writeCheckpointsInBackground();
    await hosted.close();
    expect(take()).toMatchObject(nothing);
  }
  expect(disk.list('/data').filter((name) => name.startsWith('orders-'))).toEqual([]);
});

it('a partition with a few records costs its log and its id a sync each at a stop, and nothing when it was not written to', async () => {
  const { disk, take } = countingDisk();
  const { hosted, open } = hostedOn(disk, false);
  append(numbers.map(open));
  take();
  await hosted.close();
  expect(take().syncs).toBeLessThanOrEqual(2 * partitions);
  const next = hostedOn(disk, true);
  const all = numbers.map(next.open);
  expect(all.map(({ log }) => [log.endOffset, log.latestEpoch])).toEqual(numbers.map(() => [1, 0]));
  await next.hosted.close();
  expect(take()).toMatchObject({ ofPartitions: 0, syncs: 0 });
});

it.each([true, false])(
  'a start opens the log of a small partition, reads its id and lists its folder, each once (clean: %s)',
  async (isClean) => {
    const { disk, take } = countingDisk();
    const { hosted, open } = hostedOn(disk, false);
    append(numbers.map(open));
    await hosted.close();
    take();
    const next = hostedOn(disk, isClean);
    const all = numbers.map(next.open);
    next.hosted.metadataIsComplete(() => true);
    expect(take()).toMatchObject({ opened: partitions, asked: 2 * partitions, ofPartitions: 0, syncs: 0 });
    expect(all.map(({ log }) => [log.endOffset, log.latestEpoch])).toEqual(numbers.map(() => [1, 0]));
  },
);

it('writes the checkpoints once for all partitions that go at a time', async () => {
  const { disk, take } = countingDisk();
  const { hosted, open } = hostedOn(disk, false);
  const all = numbers.map(open);
  append(all);
  for (const partition of all) partition.advanceHighWatermark();
  hosted.metadataIsComplete(() => true);
  await hosted.writeCheckpointsInBackground();
  take();
  for (const partition of all) hosted.remove(partition);
  hosted.assigned();
  expect(take().ofOthers).toBe(2);
});
