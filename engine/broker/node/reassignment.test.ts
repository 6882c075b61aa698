import { expect, it } from 'vitest';
import { apis } from '../../protocol/api-keys.ts';
import { batchesOf, decodeRecords, encodeBatch } from '../../records/record-batch.ts';
import { MemoryCluster } from './testing/memory-cluster.ts';

const topic = 'moving';

async function ready(cluster: MemoryCluster, ids: readonly number[]): Promise<void> {
  for (const id of ids) cluster.start(id);
  await cluster.until(() => ids.every((id) => cluster.brokers.get(id)?.unreadyReason() === undefined));
}

async function partitionOf(cluster: MemoryCluster, askedOf: number) {
  const { topics } = await cluster.request(askedOf, apis.metadata, { topics: [{ name: topic }] });
  return { topicId: topics[0]?.topicId ?? '', ...topics[0]?.partitions[0] };
}

async function reassign(cluster: MemoryCluster, replicas: number[]): Promise<void> {
  const topics = [{ name: topic, partitions: [{ partitionIndex: 0, replicas }] }];
  const { responses } = await cluster.request(1, apis.alterPartitionReassignments, { topics });
  expect(responses[0]?.partitions[0]?.errorCode).toBe(0);
  for (;;) {
    const { topics: moving } = await cluster.request(1, apis.listPartitionReassignments, {});
    if (moving.length === 0) return;
  }
}

async function produce(cluster: MemoryCluster, value: string): Promise<void> {
  for (;;) {
    const { topicId, leaderId } = await partitionOf(cluster, 1);
    if (leaderId === undefined || leaderId === -1) continue;
    const records = encodeBatch({ records: [{ key: null, value: Buffer.from(value) }], baseTimestamp: 1 });
    const topicData = [{ topicId, partitionData: [{ index: 0, records }] }];
    const body = { transactionalId: null, acks: -1, timeoutMs: 5_000, topicData };
    const { responses } = await cluster.request(leaderId, apis.produce, body as never);
    if (responses[0]?.partitionResponses[0]?.errorCode === 0) return;
  }
}

async function valuesAt(cluster: MemoryCluster, brokerId: number): Promise<string[]> {
  const { topicId } = await partitionOf(cluster, brokerId);
  const partitions = [{ partition: 0, fetchOffset: 0, partitionMaxBytes: 1_000_000 }];
  const body = { maxWaitMs: 0, minBytes: 0, topics: [{ topicId, partitions }] };
  const { responses } = await cluster.request(brokerId, apis.fetch, body as never);
  const records = responses[0]?.partitions[0]?.records ?? Buffer.alloc(0);
  return [...batchesOf(records)].flatMap((batch) => decodeRecords(batch).map(({ value }) => value?.toString() ?? ''));
}

it('moves a partition with its records to other brokers while it is written, and away from the first', async () => {
  const cluster = new MemoryCluster([1, 2, 3], 5);
  await ready(cluster, [1, 2, 3]);
  const assignments = [{ partitionIndex: 0, brokerIds: [1] }];
  const created = [{ name: topic, numPartitions: -1, replicationFactor: -1, assignments, configs: [] }];
  await cluster.request(2, apis.createTopics, { topics: created, timeoutMs: 5_000 });
  for (let index = 0; index < 20; index++) await produce(cluster, `before ${index}`);
  const moved = reassign(cluster, [2, 3]);
  for (let index = 0; index < 10; index++) await produce(cluster, `during ${index}`);
  await moved;
  await cluster.until(() => cluster.brokers.get(1)?.unreadyReason() === undefined);
  const { leaderId, replicaNodes, isrNodes } = await partitionOf(cluster, 2);
  expect({ leaderId, replicaNodes, isrNodes }).toEqual({ leaderId: 2, replicaNodes: [2, 3], isrNodes: [2, 3] });
  const values = await valuesAt(cluster, 2);
  expect(values.length).toBe(30);
  expect(new Set(values).size).toBe(30);
  const folders = cluster
    .diskOf(1)
    .list('/data')
    .filter((name) => name.startsWith(`${topic}-0`));
  expect(folders.every((name) => name.endsWith('-delete'))).toBe(true);
  for (const id of [1, 2, 3]) await cluster.stop(id);
});
