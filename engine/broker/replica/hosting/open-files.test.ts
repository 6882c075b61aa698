import { expect, it } from 'vitest';
import { MemoryDisk } from '../../../base/testing/memory-disk.ts';
import { SeededRandom } from '../../../base/testing/seeded-random.ts';
import type { Partition } from '../partition.ts';
import { hostedOn, oneRecord } from './testing/hosted-on.ts';

const partitions = 400;

function readAll(partition: Partition): number {
  const read = partition.log.read(0, { maxBytes: 10_000, before: 100, atLeastOneBatch: true });
  return read.ok ? read.value.nextOffset : -1;
}

it('hosts four times as many partitions as there are descriptors: all are written, read, stopped and started again', async () => {
  const disk = new MemoryDisk(new SeededRandom(1));
  disk.descriptorsMax = 100;
  for (const rounds of [1, 2]) {
    const { hosted, open } = hostedOn(disk, rounds === 2);
    const all = Array.from({ length: partitions }, (_, partition) => open(partition));
    for (let append = 0; append < 3; append++)
      for (const partition of all) expect(partition.append(oneRecord(), { acks: 1, origin: 'client' }).ok).toBe(true);
    expect(all.map(readAll)).toEqual(all.map(() => 3 * rounds));
    expect(hosted.openFiles).toBeLessThanOrEqual(50);
    expect(disk.openFiles).toBeLessThanOrEqual(100);
    await hosted.close();
    expect(disk.openFiles).toBe(0);
  }
});

it('closes files and goes on when connections have taken the descriptors', () => {
  const disk = new MemoryDisk(new SeededRandom(1));
  disk.descriptorsMax = 100;
  const { hosted, open } = hostedOn(disk, false);
  const all = Array.from({ length: 40 }, (_, partition) => open(partition));
  disk.descriptorsMax = 30;
  for (const partition of [...all, open(41)])
    expect(partition.append(oneRecord(), { acks: 1, origin: 'client' }).ok).toBe(true);
  expect(hosted.openFiles).toBeLessThanOrEqual(30);
});
