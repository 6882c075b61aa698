import { expect, it } from 'vitest';
import { silentLog } from '../../../base/log.ts';
import { ManualClock } from '../../../base/manual-clock.ts';
import { MemoryDisk } from '../../../base/memory-disk.ts';
import { SeededRandom } from '../../../base/seeded-random.ts';
import { encodeBatch } from '../../../records/record-batch.ts';
import { InflationGate } from '../../log/inflation-gate.ts';
import { defaultLogConfig } from '../../log/log-config.ts';
import { DiskState } from '../disk-state.ts';
import type { Partition } from '../partition.ts';
import type { PartitionHost } from '../partition-host.ts';
import { HostedPartitions } from './hosted-partitions.ts';

const partitions = 400;
const batch = () => encodeBatch({ records: [{ key: null, value: Buffer.from('a') }], baseTimestamp: 1 });

/** A broker's replicas on a disk that fails to open more than 100 files; they lead what they host. */
function hostedOn(disk: MemoryDisk, cleanShutdown: boolean) {
  const clock = new ManualClock();
  const ignore = () => {};
  const host: PartitionHost = {
    localId: 1,
    clock,
    log: silentLog,
    lagTimeMaxMs: 1_000,
    inflations: new InflationGate(clock),
    diskState: new DiskState({ disk, dataFolder: '/data', clock, log: silentLog }),
    brokerState: () => undefined,
    endMoved: ignore,
    highWatermarkMoved: ignore,
    roleChanged: ignore,
    isrProposed: ignore,
  };
  const random = new SeededRandom(1);
  const hosted = new HostedPartitions({ disk, dataFolder: '/data', clock, random, log: silentLog, cleanShutdown });
  hosted.start();
  const open = (partition: number): Partition => {
    const place = { topic: 'orders', topicId: 'ordersAAAAAAAAAAAAAAAA', partition, config: defaultLogConfig };
    const role = { replicas: [1], isr: [1], leader: 1, leaderEpoch: 0, partitionEpoch: 0 };
    const opened = hosted.open(host, { ...place, ...role });
    opened.assign({ ...place, ...role });
    return opened;
  };
  return { hosted, open };
}

function readAll(partition: Partition): number {
  const read = partition.storage.read(0, { maxBytes: 10_000, before: 100, atLeastOneBatch: true });
  return read.ok ? read.value.nextOffset : -1;
}

it('hosts four times as many partitions as there are descriptors: all are written, read, stopped and started again', async () => {
  const disk = new MemoryDisk(new SeededRandom(1));
  disk.descriptorsMax = 100;
  for (const rounds of [1, 2]) {
    const { hosted, open } = hostedOn(disk, rounds === 2);
    const all = Array.from({ length: partitions }, (_, partition) => open(partition));
    for (let append = 0; append < 3; append++)
      for (const { storage } of all)
        expect(storage.appendAsLeader(batch(), { leaderEpoch: 0, origin: 'client' }).ok).toBe(true);
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
  for (const { storage } of [...all, open(41)])
    expect(storage.appendAsLeader(batch(), { leaderEpoch: 0, origin: 'client' }).ok).toBe(true);
  expect(hosted.openFiles).toBeLessThanOrEqual(30);
});
