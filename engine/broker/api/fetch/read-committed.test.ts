import { expect, it } from 'vitest';
import type { FetchResponse } from '../../../protocol/schemas/01-fetch.ts';
import { fetchRequest, fetchResponse } from '../../../protocol/schemas/01-fetch.ts';
import { batchesOf, decodeRecords, encodeBatch } from '../../../records/record-batch.ts';
import { encodeMarker } from '../../../records/transaction-marker.ts';
import { fetchHandler } from '../handlers/01-fetch.ts';
import { batchOf, ReplicaCluster } from '../testing/replica-cluster.ts';

const schemas = { request: fetchRequest, response: fetchResponse };
const ordersId = 'ordersAAAAAAAAAAAAAAAA';
const isolation = { readUncommitted: 0, readCommitted: 1 } as const;

/** `orders` on three brokers, led by 1. */
async function bench() {
  const cluster = new ReplicaCluster([1, 2, 3], { minInsync: 2 });
  cluster.createTopic('orders', [1, 2, 3], ordersId);
  await cluster.run(50);
  const leader = () => {
    const id = cluster.controller.topics.get('orders')?.partitions[0]?.leader ?? -1;
    return { node: cluster.node(id), partition: cluster.node(id).replicas.hostedPartition('orders', 0)! };
  };
  /** A producer's batch in its transaction. */
  const send = (value: string, producerId: number, baseSequence = 0) => {
    const { node, partition } = leader();
    const verification = partition.startVerification(producerId, 0, baseSequence);
    const records = [{ key: null, value: Buffer.from(value) }];
    const producer = { producerId, producerEpoch: 0, baseSequence, isTransactional: true };
    const batch = encodeBatch({ records, baseTimestamp: cluster.clock.now(), ...producer });
    return node.replicas.append('orders', 0, batch, 1, 1_000, verification);
  };
  /** What the coordinator writes at the end of a transaction. */
  const end = (producerId: number, isAbort: boolean) => {
    const marker = encodeMarker(
      { isAbort, coordinatorEpoch: 0 },
      { producerId, producerEpoch: 0 },
      cluster.clock.now(),
    );
    return leader().node.replicas.appendInternal('orders', 0, marker);
  };
  const fetch = (isolationLevel: number, more = {}) => {
    const { node } = leader();
    const partitions = [{ partition: 0, fetchOffset: 0, currentLeaderEpoch: -1, partitionMaxBytes: 10_000, ...more }];
    const topics = [{ topic: 'orders', topicId: ordersId, partitions }];
    const request = { maxWaitMs: 0, minBytes: 1, isolationLevel, topics, forgottenTopicsData: [], ...more };
    return node.request(fetchHandler, schemas, request, node.context(1, 18)) as Promise<FetchResponse>;
  };
  const rowOf = async (response: Promise<FetchResponse>) => (await response).responses[0]!.partitions[0]!;
  return { cluster, send, end, fetch, rowOf };
}

/** Values as a client hands them on: without control records, and without what was aborted. */
function shown(row: FetchResponse['responses'][number]['partitions'][number]): string[] {
  return [...batchesOf(row.records ?? Buffer.alloc(0))].flatMap((batch) =>
    decodeRecords(batch).map(({ key, value }) => (key ? 'marker' : String(value))),
  );
}

it('a reader of committed records sees no open transaction, others do', async () => {
  const { cluster, send, fetch, rowOf } = await bench();
  cluster.produce(1, 'orders', ['plain']);
  send('open', 9);
  await cluster.run(50);
  expect(shown(await rowOf(fetch(isolation.readUncommitted)))).toEqual(['plain', 'open']);
  const row = await rowOf(fetch(isolation.readCommitted));
  expect(shown(row)).toEqual(['plain']);
  expect(row).toMatchObject({ highWatermark: 2, lastStableOffset: 1, abortedTransactions: [] });
});

it('is told which transactions were aborted, and no one else is', async () => {
  const { cluster, send, end, fetch, rowOf } = await bench();
  send('lost', 9);
  send('kept', 10);
  void end(9, true);
  void end(10, false);
  await cluster.run(50);
  const row = await rowOf(fetch(isolation.readCommitted));
  expect(shown(row)).toEqual(['lost', 'kept', 'marker', 'marker']);
  expect(row).toMatchObject({ lastStableOffset: 4, abortedTransactions: [{ producerId: 9, firstOffset: 0 }] });
  expect(await rowOf(fetch(isolation.readUncommitted))).toMatchObject({ abortedTransactions: null });
});

it('sees the same from the next leader, which lost nothing and knows what is open', async () => {
  const { cluster, send, end, fetch, rowOf } = await bench();
  send('lost', 9);
  void end(9, true);
  send('open', 10);
  await cluster.run(50);
  cluster.node(1).crash('lose');
  cluster.controller.elect('orders', 2, [2, 3]);
  cluster.publish([2, 3]);
  await cluster.run(50);
  const row = await rowOf(fetch(isolation.readCommitted));
  expect(row).toMatchObject({ lastStableOffset: 2, abortedTransactions: [{ producerId: 9, firstOffset: 0 }] });
  void end(10, false);
  await cluster.run(50);
  expect(await rowOf(fetch(isolation.readCommitted))).toMatchObject({ highWatermark: 4, lastStableOffset: 4 });
});

it('a marker that is not committed decides nothing: its leader may be lost', async () => {
  const { cluster, send, end, fetch, rowOf } = await bench();
  send('t', 9);
  await cluster.run(50);
  cluster.isolate(1);
  void end(9, false);
  await cluster.run(1);
  expect(await rowOf(fetch(isolation.readCommitted))).toMatchObject({ highWatermark: 1, lastStableOffset: 0 });
});

it('a waiting reader of committed records is answered when the transaction ends, and looked at no sooner', async () => {
  const { cluster, send, end, fetch, rowOf } = await bench();
  let row: Awaited<ReturnType<typeof rowOf>> | undefined;
  void rowOf(fetch(isolation.readCommitted, { maxWaitMs: 60_000 })).then((answered) => {
    row = answered;
  });
  for (let sequence = 0; sequence < 5; sequence++) send(`v${sequence}`, 9, sequence);
  await cluster.run(1_000);
  expect(row).toBeUndefined();
  void end(9, false);
  await cluster.run(50);
  expect(row && shown(row)).toEqual(['v0', 'v1', 'v2', 'v3', 'v4', 'marker']);
});

it('an idempotent producer is not asked for a transaction', async () => {
  const { cluster } = await bench();
  const sent = cluster.node(1).replicas.append('orders', 0, batchOf(['i'], 0, { id: 4, sequence: 0 }), 1);
  expect(await sent).toMatchObject({ errorCode: 0 });
});
