import { describe, expect, it } from 'vitest';
import { apis } from '../../../protocol/api-keys.ts';
import { encodeBatch } from '../../../records/record-batch.ts';
import { MemoryCluster } from '../testing/memory-cluster.ts';

const kinds = { topic: 2, broker: 4 } as const;
const bytesPerSecond = 100_000;
const batchBytes = 50_000;
const batches = 60;

/** A cluster whose broker 3 was down while records were written, and what is set for replication. */
async function behind(side: 'leader' | 'follower', listed: string) {
  const cluster = new MemoryCluster([1, 2, 3], 5, { 'replica.fetch.max.bytes': '100000' });
  for (const id of [1, 2, 3]) cluster.start(id);
  const isReady = (id: number) => cluster.brokers.get(id)?.unreadyReason() === undefined;
  await cluster.until(() => [1, 2, 3].every(isReady));
  const assignments = [{ partitionIndex: 0, brokerIds: [1, 2, 3] }];
  const topic = { name: 'big', numPartitions: -1, replicationFactor: -1, assignments, configs: [] };
  await cluster.request(1, apis.createTopics, { topics: [topic], timeoutMs: 5_000, validateOnly: false });
  const statusOf = (id: number) =>
    cluster.brokers
      .get(id)
      ?.inspect()
      ?.partitions.find((row) => row.topic === 'big');
  await cluster.until(() => statusOf(1)?.isLeader === true && statusOf(1)?.isr.length === 3);
  await cluster.stop(3);
  await cluster.until(() => statusOf(1)?.isr.length === 2);
  const topicId = statusOf(1)?.topicId ?? '';
  for (let index = 0; index < batches; index++) {
    const records = encodeBatch({
      records: [{ key: null, value: Buffer.alloc(batchBytes) }],
      baseTimestamp: 1,
      baseOffset: 0,
      partitionLeaderEpoch: 0,
    });
    const topicData = [{ name: 'big', topicId, partitionData: [{ index: 0, records }] }];
    await cluster.request(1, apis.produce, { transactionalId: null, acks: -1, timeoutMs: 5_000, topicData });
  }
  const set = (resourceType: number, resourceName: string, name: string, value: string) => ({
    resourceType,
    resourceName,
    configs: [{ name, configOperation: 0, value }],
  });
  const resources = [
    set(kinds.broker, '', `${side}.replication.throttled.rate`, String(bytesPerSecond)),
    set(kinds.topic, 'big', `${side}.replication.throttled.replicas`, listed),
  ];
  const { responses } = await cluster.request(1, apis.incrementalAlterConfigs, { resources, validateOnly: false });
  expect(responses.map(({ errorCode }) => errorCode)).toEqual([0, 0]);
  return { cluster, statusOf, isReady };
}

/** Virtual seconds until broker 3 has caught up. */
async function secondsToCatchUp(side: 'leader' | 'follower', listed: string): Promise<number> {
  const { cluster, statusOf, isReady } = await behind(side, listed);
  cluster.start(3);
  await cluster.until(() => isReady(3));
  const begunMs = cluster.clock.monotonic();
  let inSyncMs = 0;
  for (let looks = 0; looks < 100 && inSyncMs === 0; looks++) {
    const nextMs = begunMs + (looks + 1) * 1_000;
    await cluster.until(() => statusOf(1)?.isr.length === 3 || cluster.clock.monotonic() > nextMs);
    if (statusOf(1)?.isr.length === 3) inSyncMs = cluster.clock.monotonic();
  }
  expect(statusOf(3)?.endOffset).toBe(batches);
  for (const id of [1, 2, 3]) await cluster.stop(id);
  return (inSyncMs - begunMs) / 1_000;
}

describe('replication of a replica that catches up', () => {
  it.each([
    ['leader', '*'],
    ['leader', '0:1'],
    ['follower', '*'],
    ['follower', '0:3'],
  ] as const)('keeps to the rate of its %s where it is listed as %s', async (side, listed) => {
    const seconds = await secondsToCatchUp(side, listed);
    // A window of 10 s is free at first, then it takes its time.
    expect(seconds).toBeGreaterThan((batches * batchBytes) / bytesPerSecond - 12);
    expect(seconds).toBeLessThan((batches * batchBytes) / bytesPerSecond + 8);
  });

  it.each([
    ['leader', '0:2'],
    ['follower', '1:3'],
  ] as const)('is not held back by its %s where others are listed: %s', async (side, listed) => {
    expect(await secondsToCatchUp(side, listed)).toBeLessThan(5);
  });
});
