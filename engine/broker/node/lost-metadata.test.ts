import { expect, it } from 'vitest';
import { apis } from '../../protocol/api-keys.ts';
import { encodeBatch } from '../../records/record-batch.ts';
import { MemoryCluster } from './testing/memory-cluster.ts';

const ids = [1, 2, 3] as const;

async function whenReady(cluster: MemoryCluster): Promise<void> {
  await cluster.until(() => ids.every((id) => cluster.brokers.get(id)?.unreadyReason() === undefined));
}

async function topicIdOf(cluster: MemoryCluster, name: string): Promise<string> {
  for (;;) {
    const { topics } = await cluster.request(1, apis.metadata, { topics: [{ name }] });
    if (topics[0]?.partitions[0] && topics[0].partitions[0].leaderId !== -1) return topics[0].topicId;
  }
}

it('keeps the records of every topic when the quorum lost its log on all brokers', async () => {
  const cluster = new MemoryCluster(ids, 11);
  for (const id of ids) cluster.start(id);
  await whenReady(cluster);
  const topicId = await topicIdOf(cluster, 'orders');
  const records = encodeBatch({ records: [{ key: null, value: Buffer.from('kept') }], baseTimestamp: 1 });
  for (const id of ids) {
    const topicData = [{ topicId, partitionData: [{ index: 0, records: Buffer.from(records) }] }];
    await cluster.request(id, apis.produce, { transactionalId: null, acks: -1, timeoutMs: 5_000, topicData } as never);
  }
  for (const id of ids) cluster.crash(id);
  for (const id of ids) cluster.diskOf(id).remove('/data/__cluster_metadata-0');
  for (const id of ids) cluster.start(id);
  await whenReady(cluster);
  for (const id of ids) {
    const folders = cluster.diskOf(id).list('/data');
    const strays = folders.filter((name) => /^orders-\d+\.[0-9a-f]{32}-stray$/.test(name));
    expect(strays.map((name) => name.split('.')[0])).toEqual(['orders-0']);
    expect(cluster.brokers.get(id)?.metricsText()).toContain('millrace_stray_folders 1\n');
  }
});
