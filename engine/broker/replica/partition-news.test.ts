import { expect, it } from 'vitest';
import { MemoryDisk } from '../../base/testing/memory-disk.ts';
import { SeededRandom } from '../../base/testing/seeded-random.ts';
import { defaultLogConfig } from '../log/log-config.ts';
import { hostedOn, oneRecord } from './hosting/testing/hosted-on.ts';
import type { Partition } from './partition.ts';

const ids = { topic: 'orders', topicId: 'ordersAAAAAAAAAAAAAAAA', partition: 0, config: defaultLogConfig };
const leads = { replicas: [1, 2], isr: [1, 2], leader: 1, leaderEpoch: 1, partitionEpoch: 1 };

function led(): Partition {
  const { open } = hostedOn(new MemoryDisk(new SeededRandom(1)), false);
  const partition = open(0);
  partition.assign({ ...ids, ...leads });
  partition.append(oneRecord(), { acks: 1, origin: 'client' });
  return partition;
}

const follows = { ...ids, ...leads, leader: 2, leaderEpoch: 2, partitionEpoch: 2 };

/** Whoever waits for a partition looks at this number alone: what does not raise it is never told. */
it.each<[string, (partition: Partition) => void]>([
  ['an append', (partition) => partition.append(oneRecord(), { acks: 1, origin: 'client' })],
  [
    'a fetch that commits records',
    (partition) => partition.recordFollowerFetch(2, { fetchOffset: 1, startOffset: 0, brokerEpoch: 1 }),
  ],
  ['another in-sync set', (partition) => partition.commitIsr([1], 1, 9)],
  ['a new leader', (partition) => partition.assign(follows)],
  ['records that are deleted', (partition) => partition.deleteRecordsBefore(1)],
  [
    'an append as follower',
    (partition) => {
      partition.assign(follows);
      const before = partition.news;
      partition.appendAsFollower(oneRecord());
      expect(partition.news).toBeGreaterThan(before);
    },
  ],
  ['a truncation', (partition) => partition.truncateTo(0)],
  ['a start at another offset', (partition) => partition.restartAt(7)],
  ['the end of its hosting', (partition) => partition.retire()],
])('%s is news', (_, happens) => {
  const partition = led();
  const before = partition.news;
  happens(partition);
  expect(partition.news).toBeGreaterThan(before);
});
