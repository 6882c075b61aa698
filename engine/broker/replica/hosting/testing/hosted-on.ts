import { silentLog } from '../../../../base/log.ts';
import { ManualClock } from '../../../../base/testing/manual-clock.ts';
import type { MemoryDisk } from '../../../../base/testing/memory-disk.ts';
import { SeededRandom } from '../../../../base/testing/seeded-random.ts';
import { encodeBatch } from '../../../../records/record-batch.ts';
import { InflationGate } from '../../../log/checks/inflation-gate.ts';
import { defaultLogConfig } from '../../../log/log-config.ts';
import { DiskState } from '../../disk-state.ts';
import type { Partition } from '../../partition.ts';
import type { PartitionHost } from '../../partition-host.ts';
import { TopicTraffic } from '../../topic-traffic.ts';
import { HostedPartitions } from '../hosted-partitions.ts';

/** A batch of one record. */
export const oneRecord = () => encodeBatch({ records: [{ key: null, value: Buffer.from('a') }], baseTimestamp: 1 });

/** A broker's replicas on a disk; they lead what they host. */
export function hostedOn(disk: MemoryDisk, cleanShutdown: boolean) {
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
    trafficOf: () => new TopicTraffic(),
    moved: ignore,
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
