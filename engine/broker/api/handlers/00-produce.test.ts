import { describe, expect, it } from 'vitest';
import { errorCode } from '../../../protocol/error-codes.ts';
import type { MessageInput } from '../../../protocol/schema.ts';
import { produceRequest, produceResponse } from '../../../protocol/schemas/00-produce.ts';
import { encodeBatch } from '../../../records/record-batch.ts';
import type { RequestContext } from '../handler.ts';
import type { MemoryConnection } from '../testing/memory-connection.ts';
import { batchOf, ReplicaCluster } from '../testing/replica-cluster.ts';
import { requestContext } from '../testing/request-context.ts';
import { produceHandler } from './00-produce.ts';

type Request = MessageInput<typeof produceRequest>;
const schemas = { request: produceRequest, response: produceResponse };
const ordersId = 'ordersAAAAAAAAAAAAAAAA';

/** Broker 1 leads `orders`, broker 2 leads `payments`; nothing is replicated. */
function bench() {
  const cluster = new ReplicaCluster([1, 2]);
  cluster.createTopic('orders', [1], ordersId);
  cluster.createTopic('payments', [2]);
  const send = async (version: number, message: Partial<Request>, replace: Partial<RequestContext> = {}) => {
    const node = cluster.node(1);
    const context = { ...node.context(0, version), ...replace };
    const request = { acks: 1, timeoutMs: 1_000, topicData: [], ...message };
    const response = await node.request(produceHandler, schemas, request, context);
    return {
      response,
      rows: response?.responses[0]?.partitionResponses ?? [],
      connection: context.connection as MemoryConnection,
    };
  };
  return { cluster, send };
}

function to(name: string, records: Buffer | null = batchOf(['a'], 1), index = 0, topicId = ordersId) {
  return [{ name, topicId, partitionData: [{ index, records }] }];
}

describe('Produce', () => {
  it.each([3, 5, 8, 9, 12, 13])('version %i appends by name or by id and answers with the offset', async (version) => {
    const { send } = bench();
    await send(version, { topicData: to('orders', batchOf(['a', 'b'], 1)) });
    const { response, rows } = await send(version, { topicData: to('orders') });
    expect(rows).toMatchObject([{ index: 0, errorCode: 0, baseOffset: 2, logAppendTimeMs: -1 }]);
    expect(response?.responses[0]).toMatchObject(version < 13 ? { name: 'orders' } : { topicId: ordersId });
  });

  it('writes to no topic that has the name of the quorum’s log', async () => {
    const { cluster, send } = bench();
    const id = 'metadataAAAAAAAAAAAAAA';
    cluster.createTopic('__cluster_metadata', [1], id);
    const byName = await send(9, { topicData: to('__cluster_metadata') });
    expect(byName.rows).toMatchObject([{ errorCode: errorCode.UNKNOWN_TOPIC_OR_PARTITION }]);
    const byId = await send(13, { topicData: to('', batchOf(['a'], 1), 0, id) });
    expect(byId.rows).toMatchObject([{ errorCode: errorCode.UNKNOWN_TOPIC_ID }]);
  });

  it('lets only the brokers of the cluster write its own topics, whatever a client calls itself', async () => {
    const { cluster, send } = bench();
    cluster.createTopic('__consumer_offsets', [1], 'offsetsAAAAAAAAAAAAAAA');
    const write = { topicData: to('__consumer_offsets') };
    const client = await send(9, write, { clientId: '__admin_client' });
    expect(client.rows).toMatchObject([{ errorCode: errorCode.INVALID_TOPIC_EXCEPTION }]);
    const broker = await send(9, write, requestContext(0, 9, { isPeer: true }));
    expect(broker.rows).toMatchObject([{ errorCode: errorCode.NONE, baseOffset: 0 }]);
  });

  it('answers each partition on its own row', async () => {
    const { send } = bench();
    const [ordersTopic] = to('orders');
    const partitionData = [
      { index: 0, records: batchOf(['a'], 1) },
      { index: 7, records: batchOf(['a'], 1) },
    ];
    const { rows } = await send(9, {
      topicData: [{ name: 'orders', topicId: ordersId, ...ordersTopic, partitionData }],
    });
    expect(rows.map((row) => row.errorCode)).toEqual([errorCode.NONE, errorCode.UNKNOWN_TOPIC_OR_PARTITION]);
  });

  it.each([
    ['an unknown name', 9, to('nowhere'), errorCode.UNKNOWN_TOPIC_OR_PARTITION],
    ['an unknown id', 13, to('', batchOf(['a'], 1), 0, 'nowhereAAAAAAAAAAAAAAA'), errorCode.UNKNOWN_TOPIC_ID],
    ['no records', 9, to('orders', null), errorCode.INVALID_RECORD],
    ['zero bytes', 9, to('orders', Buffer.alloc(0)), errorCode.INVALID_RECORD],
    ['a damaged batch', 9, to('orders', damaged()), errorCode.CORRUPT_MESSAGE],
    ['zstd before version 7', 6, to('orders', zstd()), errorCode.UNSUPPORTED_COMPRESSION_TYPE],
    [
      'a transactional batch without a transactional id',
      9,
      to('orders', transactional()),
      errorCode.TRANSACTIONAL_ID_AUTHORIZATION_FAILED,
    ],
  ])('refuses %s', async (_, version, topicData, code) => {
    const { cluster, send } = bench();
    const { rows } = await send(version, { topicData });
    expect(rows).toMatchObject([{ errorCode: code, baseOffset: -1, logAppendTimeMs: -1, logStartOffset: -1 }]);
    if (version >= 8) expect(rows[0]?.errorMessage).toEqual(expect.any(String));
    expect(cluster.offsets(1, 'orders').end).toBe(0);
  });

  it('names the start of the log to a producer whose sequence has a gap', async () => {
    const { cluster, send } = bench();
    await send(9, { topicData: to('orders', batchOf(['a', 'b'], 1, { id: 7, sequence: 0 })) });
    cluster.node(1).replicas.hostedPartition('orders', 0)?.deleteRecordsBefore(1);
    const gap = { topicData: to('orders', batchOf(['c'], 1, { id: 7, sequence: 9 })) };
    const code = errorCode.OUT_OF_ORDER_SEQUENCE_NUMBER;
    expect((await send(9, gap)).rows).toMatchObject([{ errorCode: code, baseOffset: -1, logStartOffset: 1 }]);
    expect((await send(4, gap)).rows).toMatchObject([{ errorCode: code, logStartOffset: -1 }]);
  });

  it('refuses acks other than -1, 0 and 1', async () => {
    const { rows } = await bench().send(9, { acks: 2, topicData: to('orders') });
    expect(rows).toMatchObject([{ errorCode: errorCode.INVALID_REQUIRED_ACKS }]);
  });

  it('names the leader and its address when it is elsewhere (KIP-951)', async () => {
    const { send } = bench();
    const { response, rows } = await send(10, { topicData: to('payments') });
    expect(rows).toMatchObject([
      { errorCode: errorCode.NOT_LEADER_OR_FOLLOWER, currentLeader: { leaderId: 2, leaderEpoch: 0 } },
    ]);
    expect(response?.nodeEndpoints).toEqual([{ nodeId: 2, host: 'h', port: 2, rack: null }]);
    const old = await send(9, { topicData: to('payments') });
    expect(old.rows).toMatchObject([{ errorCode: errorCode.NOT_LEADER_OR_FOLLOWER, currentLeader: { leaderId: -1 } }]);
  });

  it('answers nothing to acks=0, and closes the connection when the append failed', async () => {
    const { cluster, send } = bench();
    const good = await send(9, { acks: 0, topicData: to('orders') });
    expect(good).toMatchObject({ response: undefined, connection: { closeReason: undefined } });
    expect(cluster.offsets(1, 'orders').end).toBe(1);
    const bad = await send(9, { acks: 0, topicData: to('payments') });
    expect(bad.response).toBeUndefined();
    expect(bad.connection.closeReason).toContain('acks=0');
  });
});

function damaged(): Buffer {
  const batch = batchOf(['a'], 1);
  batch[batch.length - 1] = (batch[batch.length - 1] as number) ^ 1;
  return batch;
}

function zstd(): Buffer {
  const compress = { type: 'zstd' as const, apply: (bytes: Buffer) => bytes };
  return encodeBatch({ records: [{ key: null, value: Buffer.from('a') }], baseTimestamp: 1, compress });
}

function transactional(): Buffer {
  const records = [{ key: null, value: Buffer.from('a') }];
  return encodeBatch({
    records,
    baseTimestamp: 1,
    producerId: 1,
    producerEpoch: 0,
    baseSequence: 0,
    isTransactional: true,
  });
}
