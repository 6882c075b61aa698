import { describe, expect, it } from 'vitest';
import { errorCode } from '../../../protocol/error-codes.ts';
import type { MessageInput } from '../../../protocol/schema.ts';
import type { FetchResponse } from '../../../protocol/schemas/01-fetch.ts';
import { fetchRequest, fetchResponse } from '../../../protocol/schemas/01-fetch.ts';
import { metadataTopicId } from '../../../protocol/uuid.ts';
import { batchesOf, decodeRecords } from '../../../records/record-batch.ts';
import { ReplicaCluster } from '../testing/replica-cluster.ts';
import { fetchHandler } from './01-fetch.ts';

type Request = MessageInput<typeof fetchRequest>;
type Asked = {
  topic?: string;
  topicId?: string;
  partition?: number;
  offset?: number;
  epoch?: number;
  maxBytes?: number;
};
const schemas = { request: fetchRequest, response: fetchResponse };
const ordersId = 'ordersAAAAAAAAAAAAAAAA';
const paymentsId = 'paymentsAAAAAAAAAAAAAA';

/** Broker 1 leads `orders` and `payments` alone, broker 2 leads `elsewhere`. */
function bench() {
  const cluster = new ReplicaCluster([1, 2]);
  cluster.createTopic('orders', [1], ordersId);
  cluster.createTopic('payments', [1], paymentsId);
  cluster.createTopic('elsewhere', [2]);
  const node = cluster.node(1);
  const context = node.context(1, 18);
  const fetch = async (version: number, asked: readonly Asked[], more: Partial<Request> = {}) => {
    const request = { maxWaitMs: 0, minBytes: 1, topics: asked.map(topicOf), forgottenTopicsData: [], ...more };
    const response = await node.request(fetchHandler, schemas, request, { ...context, apiVersion: version });
    return response as FetchResponse;
  };
  return { cluster, node, fetch };
}

function topicOf({ topic = 'orders', topicId, partition = 0, offset = 0, epoch = -1, maxBytes = 1_000 }: Asked) {
  const ids: Record<string, string> = { orders: ordersId, payments: paymentsId };
  return {
    topic,
    topicId: topicId ?? ids[topic] ?? 'AAAAAAAAAAAAAAAAAAAAAA',
    partitions: [{ partition, fetchOffset: offset, currentLeaderEpoch: epoch, partitionMaxBytes: maxBytes }],
  };
}

function rowsOf(response: FetchResponse) {
  return response.responses.flatMap((topic) =>
    topic.partitions.map((row) => ({ ...row, topic: topic.topic, topicId: topic.topicId })),
  );
}

function valuesOf(records: Buffer | null | undefined): string[] {
  return [...batchesOf(records ?? Buffer.alloc(0))].flatMap((batch) =>
    decodeRecords(batch).map(({ value }) => String(value)),
  );
}

describe('Fetch', () => {
  it.each([4, 7, 11, 12, 13, 16, 18])('version %i reads by name or by id', async (version) => {
    const { cluster, fetch } = bench();
    cluster.produce(1, 'orders', ['a', 'b']);
    const response = await fetch(version, [{}]);
    const [row] = rowsOf(response);
    expect(row).toMatchObject({ errorCode: 0, highWatermark: 2, lastStableOffset: 2, abortedTransactions: null });
    expect(row).toMatchObject(version < 13 ? { topic: 'orders' } : { topicId: ordersId });
    expect(valuesOf(row?.records)).toEqual(['a', 'b']);
  });

  it.each([4, 11, 12, 18])('version %i gives zero bytes, not null, when there is nothing', async (version) => {
    const { fetch } = bench();
    expect(rowsOf(await fetch(version, [{}]))[0]?.records).toEqual(Buffer.alloc(0));
  });

  it('gives the whole batch that holds an offset in its middle', async () => {
    const { cluster, fetch } = bench();
    cluster.produce(1, 'orders', ['a', 'b', 'c']);
    expect(valuesOf(rowsOf(await fetch(12, [{ offset: 2 }]))[0]?.records)).toEqual(['a', 'b', 'c']);
  });

  it('gives the first batch whole however small the limits, and keeps to them after it (KIP-74)', async () => {
    const { cluster, fetch } = bench();
    cluster.produce(1, 'orders', ['a'.repeat(500)]);
    cluster.produce(1, 'orders', ['b']);
    cluster.produce(1, 'payments', ['c']);
    const rows = rowsOf(await fetch(12, [{ maxBytes: 10 }, { topic: 'payments' }], { maxBytes: 20 }));
    expect(rows.map((row) => valuesOf(row.records).length)).toEqual([1, 0]);
    const wide = rowsOf(await fetch(12, [{ maxBytes: 10 }, { topic: 'payments', maxBytes: 10 }]));
    expect(wide.map((row) => valuesOf(row.records).length)).toEqual([1, 0]);
  });

  it.each([
    ['an unknown name', 12, { topic: 'nowhere' }, errorCode.UNKNOWN_TOPIC_OR_PARTITION],
    ['an unknown id', 13, { topicId: 'nowhereAAAAAAAAAAAAAAA' }, errorCode.UNKNOWN_TOPIC_ID],
    ['an unknown partition', 12, { partition: 9 }, errorCode.UNKNOWN_TOPIC_OR_PARTITION],
    ['an offset beyond the end', 12, { offset: 5 }, errorCode.OFFSET_OUT_OF_RANGE],
    ['a newer leader epoch', 12, { epoch: 1 }, errorCode.UNKNOWN_LEADER_EPOCH],
  ])('refuses %s at once', async (_, version, asked, code) => {
    const { fetch } = bench();
    expect(rowsOf(await fetch(version, [asked], { maxWaitMs: 10_000 }))).toMatchObject([{ errorCode: code }]);
  });

  it('fences a reader that missed an election (KIP-320), also when its session goes on', async () => {
    const { cluster, fetch } = bench();
    const first = await fetch(12, [{ epoch: 0 }], { sessionEpoch: 0 });
    cluster.controller.elect('orders', 1);
    cluster.publish();
    const second = await fetch(12, [], { sessionId: first.sessionId, sessionEpoch: 1 });
    expect(rowsOf(second)).toMatchObject([
      { errorCode: errorCode.FENCED_LEADER_EPOCH, currentLeader: { leaderId: 1, leaderEpoch: 1 } },
    ]);
  });

  it('names the leader and its address when it is elsewhere (KIP-951)', async () => {
    const response = await bench().fetch(16, [{ topicId: 'elsewhereAAAAAAAAAAAAA' }]);
    expect(rowsOf(response)).toMatchObject([
      { errorCode: errorCode.NOT_LEADER_OR_FOLLOWER, currentLeader: { leaderId: 2, leaderEpoch: 0 } },
    ]);
    expect(response.nodeEndpoints).toMatchObject([{ nodeId: 2, port: 2 }]);
  });

  it('answers read_committed with an empty list of aborted transactions', async () => {
    const { fetch } = bench();
    expect(rowsOf(await fetch(12, [{}], { isolationLevel: 1 }))).toMatchObject([{ abortedTransactions: [] }]);
  });

  it('lets only peers fetch as a replica', async () => {
    const { fetch } = bench();
    const refused = [{ errorCode: errorCode.TOPIC_AUTHORIZATION_FAILED }];
    expect(rowsOf(await fetch(12, [{}], { replicaId: 2 }))).toMatchObject(refused);
    const state = { replicaState: { replicaId: 2, replicaEpoch: 1 } };
    expect(rowsOf(await fetch(18, [{}], state))).toMatchObject(refused);
  });
});

describe('a fetch that waits', () => {
  async function waiting(more: Partial<Request>, asked: readonly Asked[] = [{}]) {
    const { cluster, fetch } = bench();
    await cluster.run(1);
    const state: { values?: string[] } = {};
    void fetch(12, asked, { maxWaitMs: 500, ...more }).then((response) => {
      state.values = rowsOf(response).flatMap((row) => valuesOf(row.records));
    });
    await cluster.run(10);
    expect(state.values).toBeUndefined();
    return { cluster, state };
  }

  it('is answered when records arrive', async () => {
    const { cluster, state } = await waiting({});
    cluster.produce(1, 'orders', ['a']);
    await cluster.run(0);
    expect(state.values).toEqual(['a']);
  });

  it('is answered with nothing when its time is over', async () => {
    const { cluster, state } = await waiting({});
    await cluster.run(489);
    expect(state.values).toBeUndefined();
    await cluster.run(1);
    expect(state.values).toEqual([]);
  });

  it('waits for minBytes over all its partitions', async () => {
    const { cluster, state } = await waiting({ minBytes: 180 }, [{}, { topic: 'payments' }]);
    cluster.produce(1, 'orders', ['a'.repeat(50)]);
    await cluster.run(10);
    expect(state.values).toBeUndefined();
    cluster.produce(1, 'payments', ['b'.repeat(50)]);
    await cluster.run(0);
    expect(state.values).toHaveLength(2);
  });

  it('does not hear of records before they are committed', async () => {
    const cluster = new ReplicaCluster([1, 2]);
    cluster.createTopic('orders', [1, 2], ordersId);
    await cluster.run(20);
    cluster.isolate(2);
    const node = cluster.node(1);
    const request = { maxWaitMs: 5_000, minBytes: 1, topics: [topicOf({})], forgottenTopicsData: [] };
    const state: { values?: string[] } = {};
    void node.request(fetchHandler, schemas, request, node.context(1, 12)).then((response) => {
      state.values = valuesOf(rowsOf(response as FetchResponse)[0]?.records);
    });
    cluster.produce(1, 'orders', ['a']);
    await cluster.run(1_000);
    expect(state.values).toBeUndefined();
    cluster.heal();
    await cluster.run(2_000);
    expect(state.values).toEqual(['a']);
  });
});

describe('a fetch that cannot be served', () => {
  it.each([4, 12, 18])('names an unknown isolation level as such in version %i', async (version) => {
    const response = await bench().fetch(version, [{}], { isolationLevel: 7 });
    expect(response.errorCode).toBe(version < 7 ? 0 : errorCode.UNKNOWN_SERVER_ERROR);
    expect(rowsOf(response)).toMatchObject([{ partitionIndex: 0, errorCode: errorCode.UNKNOWN_SERVER_ERROR }]);
  });

  it('knows no topic under the zero id', async () => {
    const response = await bench().fetch(13, [{ topic: '', topicId: 'AAAAAAAAAAAAAAAAAAAAAA' }]);
    expect(rowsOf(response)).toMatchObject([{ errorCode: errorCode.UNKNOWN_TOPIC_ID }]);
  });

  it('shows the quorum’s log to no client', async () => {
    const byName = await bench().fetch(12, [{ topic: '__cluster_metadata' }]);
    expect(rowsOf(byName)).toMatchObject([{ errorCode: errorCode.UNKNOWN_TOPIC_OR_PARTITION }]);
    const byId = await bench().fetch(13, [{ topic: '', topicId: metadataTopicId }]);
    expect(rowsOf(byId)).toMatchObject([{ errorCode: errorCode.UNKNOWN_TOPIC_ID }]);
  });
});

describe('a fetch session (KIP-227)', () => {
  it('names what is new, and nothing when nothing is', async () => {
    const { cluster, fetch } = bench();
    const full = await fetch(12, [{}, { topic: 'payments' }], { sessionEpoch: 0 });
    expect(full.sessionId).toBeGreaterThan(0);
    expect(rowsOf(full)).toHaveLength(2);
    const { sessionId } = full;
    expect(await fetch(12, [], { sessionId, sessionEpoch: 1 })).toMatchObject({ sessionId, responses: [] });
    cluster.produce(1, 'payments', ['a']);
    const news = rowsOf(await fetch(12, [], { sessionId, sessionEpoch: 2 }));
    expect(news).toMatchObject([{ topic: 'payments', highWatermark: 1 }]);
    expect(rowsOf(await fetch(12, [{ topic: 'payments', offset: 1 }], { sessionId, sessionEpoch: 3 }))).toEqual([]);
  });

  it('forgets partitions, and ends when none is left', async () => {
    const { cluster, node, fetch } = bench();
    const { sessionId } = await fetch(13, [{}, { topic: 'payments' }], { sessionEpoch: 0 });
    cluster.produce(1, 'orders', ['a']);
    const forget = (topicId: string) => ({ forgottenTopicsData: [{ topicId, partitions: [0] }] });
    const rest = await fetch(13, [], { sessionId, sessionEpoch: 1, ...forget(ordersId) });
    expect(rest).toMatchObject({ sessionId, responses: [] });
    const end = await fetch(13, [], { sessionId, sessionEpoch: 2, ...forget(paymentsId) });
    expect(end).toMatchObject({ sessionId: 0, responses: [] });
    expect(node.services.fetchSessions.size).toBe(0);
  });

  it('reads partitions that gave records last the next time, so that none is starved', async () => {
    const { cluster, fetch } = bench();
    for (const topic of ['orders', 'payments']) for (const value of ['1', '2']) cluster.produce(1, topic, [value]);
    const first = await fetch(12, [{}, { topic: 'payments' }], { sessionEpoch: 0, maxBytes: 10 });
    const { sessionId } = first;
    const withRecords = (response: FetchResponse) =>
      rowsOf(response)
        .filter((row) => row.records?.length)
        .map((row) => row.topic);
    expect(withRecords(first)).toEqual(['orders']);
    const second = await fetch(12, [{ offset: 1 }], { sessionId, sessionEpoch: 1, maxBytes: 10 });
    expect(withRecords(second)).toEqual(['payments']);
  });

  it('tells everything again after an error', async () => {
    const { fetch } = bench();
    const { sessionId } = await fetch(12, [{ offset: 9 }], { sessionEpoch: 0 });
    expect(rowsOf(await fetch(12, [{ offset: 0 }], { sessionId, sessionEpoch: 1 }))).toMatchObject([{ errorCode: 0 }]);
  });

  it('refuses unknown sessions, wrong epochs and a change from names to ids', async () => {
    const { fetch } = bench();
    const { sessionId } = await fetch(12, [{}], { sessionEpoch: 0 });
    const code = async (version: number, id: number, epoch: number) =>
      (await fetch(version, [], { sessionId: id, sessionEpoch: epoch })).errorCode;
    expect(await code(12, sessionId + 1, 1)).toBe(errorCode.FETCH_SESSION_ID_NOT_FOUND);
    expect(await code(12, sessionId, 2)).toBe(errorCode.INVALID_FETCH_SESSION_EPOCH);
    expect(await code(13, sessionId, 1)).toBe(errorCode.FETCH_SESSION_TOPIC_ID_ERROR);
    expect(await code(12, sessionId, 1)).toBe(errorCode.NONE);
  });

  it('is given to as many readers as there are slots; a closed connection frees its own', async () => {
    const { node, fetch } = bench();
    const ids: number[] = [];
    for (let count = 0; count < 10; count++) ids.push((await fetch(12, [{}], { sessionEpoch: 0 })).sessionId);
    expect(new Set(ids).size).toBe(10);
    expect((await fetch(12, [{}], { sessionEpoch: 0 })).sessionId).toBe(0);
    expect((await fetch(12, [{}], { sessionId: ids[0] as number, sessionEpoch: -1 })).sessionId).toBe(0);
    const other = node.context(1, 12);
    const request = { maxWaitMs: 0, minBytes: 0, topics: [topicOf({})], forgottenTopicsData: [], sessionEpoch: 0 };
    const response = await node.request(fetchHandler, schemas, request, other);
    expect(response?.sessionId).toBeGreaterThan(0);
    expect(node.services.fetchSessions.size).toBe(10);
    other.session.close();
    expect(node.services.fetchSessions.size).toBe(9);
  });
});
