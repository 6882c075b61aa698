import { expect, it } from 'vitest';
import { apis } from '../../protocol/api-keys.ts';
import { errorCode } from '../../protocol/error-codes.ts';
import { zeroUuid } from '../../protocol/uuid.ts';
import { MemoryCluster } from './testing/memory-cluster.ts';

const values = [2 ** 53 - 1, 2n ** 53n, 2n ** 60n + 1n, 2n ** 63n - 1n, -(2n ** 63n)];

/** One broker with a topic `orders`; the request of a client whose connection must stay open. */
async function started() {
  const cluster = new MemoryCluster([1], 11);
  cluster.start(1);
  await cluster.until(() => cluster.brokers.get(1)?.unreadyReason() === undefined);
  await cluster.request(1, apis.metadata, { topics: [{ name: 'orders' }] });
  await cluster.until(() => (cluster.brokers.get(1)?.inspect()?.partitions.length ?? 0) > 0);
  return cluster;
}

it('answers whatever int64 a client sends', async () => {
  const cluster = await started();
  for (const value of values) {
    const fetched = await cluster.request(
      1,
      apis.fetch,
      {
        maxWaitMs: 0,
        minBytes: 0,
        topics: [{ topic: 'orders', partitions: [{ partition: 0, fetchOffset: value, partitionMaxBytes: 1_000 }] }],
      },
      12,
    );
    expect(fetched.responses[0]?.partitions[0]?.errorCode, `fetch at ${value}`).toBe(errorCode.OFFSET_OUT_OF_RANGE);
    const listed = await cluster.request(1, apis.listOffsets, {
      replicaId: -1,
      isolationLevel: 0,
      topics: [{ name: 'orders', partitions: [{ partitionIndex: 0, timestamp: value }] }],
    });
    const code = value < 0 ? errorCode.UNSUPPORTED_VERSION : errorCode.NONE;
    expect(listed.topics[0]?.partitions[0], `offset at ${value}`).toMatchObject({ errorCode: code, offset: -1 });
    const { producerId } = await cluster.request(1, apis.initProducerId, {
      transactionalId: null,
      transactionTimeoutMs: 1_000,
      producerId: value,
      producerEpoch: 0,
    });
    expect(producerId, `producer ${value}`).toBeLessThan(2 ** 31);
  }
});

it('gives a committed offset back as it came, and does not mind a retention of any length', async () => {
  const cluster = await started();
  await cluster.request(1, apis.findCoordinator, { key: 'g', keyType: 0 }, 2);
  const commit = async (version: number, committedOffset: number | bigint, retentionTimeMs: number | bigint) => {
    const row = { partitionIndex: 0, committedOffset, committedMetadata: null };
    const request = { groupId: 'g', memberId: '', generationIdOrMemberEpoch: -1, retentionTimeMs };
    const topics = [{ name: 'orders', topicId: zeroUuid, partitions: [row] }];
    const answer = await cluster.request(1, apis.offsetCommit, { ...request, topics }, version);
    return answer.topics[0]?.partitions[0]?.errorCode;
  };
  while ((await commit(8, 0, -1)) !== errorCode.NONE);
  for (const value of values) {
    for (const version of [2, 4, 9]) expect(await commit(version, value, value)).toBe(errorCode.NONE);
    for (const version of [1, 7]) {
      const asked = { groupId: 'g', topics: [{ name: 'orders', partitionIndexes: [0] }], groups: [] };
      const { topics } = await cluster.request(1, apis.offsetFetch, asked, version);
      expect(topics[0]?.partitions[0]?.committedOffset).toBe(value);
    }
    const groups = [{ groupId: 'g', topics: null }];
    const { groups: answered } = await cluster.request(1, apis.offsetFetch, { groupId: '', topics: [], groups }, 9);
    expect(answered[0]?.topics[0]?.partitions[0]?.committedOffset).toBe(value);
  }
});
