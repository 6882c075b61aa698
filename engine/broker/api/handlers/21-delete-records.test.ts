import { expect, it } from 'vitest';
import { errorCode } from '../../../protocol/error-codes.ts';
import { deleteRecordsRequest, deleteRecordsResponse } from '../../../protocol/schemas/21-delete-records.ts';
import { ReplicaCluster } from '../testing/replica-cluster.ts';
import { deleteRecordsHandler } from './21-delete-records.ts';

const schemas = { request: deleteRecordsRequest, response: deleteRecordsResponse };

async function bench(config: ReplicaCluster['config'] = {}) {
  const cluster = new ReplicaCluster([1, 2, 3]);
  cluster.config = config;
  cluster.createTopic('orders', [1, 2, 3]);
  for (let index = 0; index < 5; index++) cluster.produce(1, 'orders', [`v${index}`]);
  await cluster.run(2_000);
  const ask = (offset: number, { topic = 'orders', id = 1, timeoutMs = 5_000 } = {}) => {
    const node = cluster.node(id);
    const request = { topics: [{ name: topic, partitions: [{ partitionIndex: 0, offset }] }], timeoutMs };
    const row = node.request(deleteRecordsHandler, schemas, request, node.context(21, 2));
    return row.then((response) => response?.topics[0]?.partitions[0]);
  };
  return { cluster, ask };
}

it('moves the start of all replicas, and answers when they have followed', async () => {
  const { cluster, ask } = await bench();
  const answer = ask(3);
  let isAnswered = false;
  void answer.finally(() => {
    isAnswered = true;
  });
  await cluster.run(1);
  expect(cluster.offsets(1, 'orders').start).toBe(3);
  expect(isAnswered).toBe(false);
  await cluster.run(2_000);
  expect(await answer).toMatchObject({ errorCode: errorCode.NONE, lowWatermark: 3 });
  expect([2, 3].map((id) => cluster.offsets(id, 'orders').start)).toEqual([3, 3]);
  expect(await ask(1)).toMatchObject({ errorCode: errorCode.NONE, lowWatermark: 3 });
});

it('takes -1 for all that is committed', async () => {
  const { cluster, ask } = await bench();
  const answer = ask(-1);
  await cluster.run(2_000);
  expect(await answer).toMatchObject({ lowWatermark: 5 });
  expect(cluster.offsets(2, 'orders').start).toBe(5);
});

it('waits no longer than it is asked to, nor for a broker that is fenced', async () => {
  const { cluster, ask } = await bench();
  cluster.isolate(3);
  const answer = ask(2, { timeoutMs: 700 });
  await cluster.run(1_000);
  expect(await answer).toMatchObject({ errorCode: errorCode.REQUEST_TIMED_OUT, lowWatermark: -1 });
  expect(cluster.offsets(2, 'orders').start).toBe(2);
});

it.each([
  ['beyond what is committed', 6, {}, errorCode.OFFSET_OUT_OF_RANGE],
  ['below all offsets', -2, {}, errorCode.OFFSET_OUT_OF_RANGE],
  ['of a topic that is not there', 1, { topic: 'nowhere' }, errorCode.UNKNOWN_TOPIC_OR_PARTITION],
  ['at a follower', 1, { id: 2 }, errorCode.NOT_LEADER_OR_FOLLOWER],
])('refuses records %s', async (_, offset, more, code) => {
  const { ask } = await bench();
  expect(await ask(offset, more)).toMatchObject({ errorCode: code, lowWatermark: -1 });
});

it('keeps the records of topics that are only compacted', async () => {
  const { cluster, ask } = await bench({ isDeleted: false });
  expect(await ask(1)).toMatchObject({ errorCode: errorCode.POLICY_VIOLATION });
  expect(cluster.offsets(1, 'orders').start).toBe(0);
});
