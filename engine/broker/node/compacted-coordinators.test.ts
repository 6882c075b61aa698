import { expect, it } from 'vitest';
import { apis } from '../../protocol/api-keys.ts';
import { errorCode } from '../../protocol/error-codes.ts';
import { zeroUuid } from '../../protocol/uuid.ts';
import { MemoryCluster } from './testing/memory-cluster.ts';

const settings = {
  'log.roll.ms': '400',
  'log.cleaner.backoff.ms': '100',
  'log.cleaner.min.cleanable.ratio': '0',
  'log.cleaner.delete.retention.ms': '0',
  'log.cleaner.io.buffer.size': '1024',
  'offsets.topic.num.partitions': '1',
  'transaction.state.log.num.partitions': '1',
};
const rounds = 60;

async function startCluster(): Promise<MemoryCluster> {
  const cluster = new MemoryCluster([1], 31, settings);
  cluster.start(1);
  await cluster.until(() => cluster.brokers.get(1)?.unreadyReason() === undefined);
  await cluster.request(1, apis.metadata, { topics: [{ name: 'orders' }] });
  return cluster;
}

async function commit(cluster: MemoryCluster, groupId: string, committedOffset: number): Promise<void> {
  const partitions = [{ partitionIndex: 0, committedOffset, committedMetadata: null }];
  const topics = [{ name: 'orders', topicId: zeroUuid, partitions }];
  const request = { groupId, generationIdOrMemberEpoch: -1, memberId: '', topics };
  let code: number | undefined;
  while (code !== errorCode.NONE) {
    const answer = await cluster.request(1, apis.offsetCommit, request, 8);
    code = answer.topics[0]?.partitions[0]?.errorCode;
  }
}

async function committed(cluster: MemoryCluster, groupId: string): Promise<unknown> {
  const asked = { groupId, topics: [{ name: 'orders', partitionIndexes: [0] }], groups: [] };
  for (;;) {
    const answer = await cluster.request(1, apis.offsetFetch, asked, 7);
    if (answer.errorCode === errorCode.NONE) return answer.topics[0]?.partitions[0]?.committedOffset;
  }
}

async function producerEpoch(cluster: MemoryCluster): Promise<number> {
  const request = { transactionalId: 'till', transactionTimeoutMs: 10_000 };
  for (;;) {
    const answer = await cluster.request(1, apis.initProducerId, request);
    if (answer.errorCode === errorCode.NONE) return answer.producerEpoch;
  }
}

it('offsets of groups and epochs of transactional ids are read from compacted logs', async () => {
  const cluster = await startCluster();
  while ((await cluster.request(1, apis.findCoordinator, { key: 'g', keyType: 0 }, 3)).errorCode !== errorCode.NONE);
  while ((await cluster.request(1, apis.findCoordinator, { key: 'till', keyType: 1 }, 3)).errorCode !== errorCode.NONE);
  await commit(cluster, 'rare', 7);
  let epoch = 0;
  for (let round = 0; round < rounds; round++) {
    await commit(cluster, `g${round % 3}`, round);
    epoch = await producerEpoch(cluster);
    cluster.clock.advance(100);
  }
  await cluster.until(() => compactedTo(cluster, '__consumer_offsets') > rounds / 2);
  await cluster.until(() => compactedTo(cluster, '__transaction_state') > rounds / 2);
  expect(bytesOf(cluster, '__consumer_offsets-0')).toBeLessThan(rounds * 100);
  for (const how of ['stop', 'crash'] as const) {
    await (how === 'stop' ? cluster.stop(1) : cluster.crash(1));
    cluster.start(1);
    await cluster.until(() => cluster.brokers.get(1)?.unreadyReason() === undefined);
    const offsets: unknown[] = [];
    for (const group of ['g0', 'g1', 'g2', 'rare']) offsets.push(await committed(cluster, group));
    expect(offsets).toEqual([rounds - 3, rounds - 2, rounds - 1, 7]);
    expect(await producerEpoch(cluster)).toBeGreaterThan(epoch);
  }
});

/** Offset up to which the checkpoint says that the topic's partition 0 is compacted. */
function compactedTo(cluster: MemoryCluster, topic: string): number {
  const text = cluster.diskOf(1).readFile('/data/cleaner-offset-checkpoint')?.toString() ?? '';
  return Number(new RegExp(`^${topic} 0 (\\d+)$`, 'm').exec(text)?.[1] ?? 0);
}

function bytesOf(cluster: MemoryCluster, folder: string): number {
  const disk = cluster.diskOf(1);
  const names = disk.list(`/data/${folder}`).filter((name) => name.endsWith('.log'));
  return names.reduce((sum, name) => sum + (disk.readFile(`/data/${folder}/${name}`)?.length ?? 0), 0);
}
