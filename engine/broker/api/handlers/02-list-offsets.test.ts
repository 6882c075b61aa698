import { expect, it } from 'vitest';
import { errorCode } from '../../../protocol/error-codes.ts';
import { listOffsetsRequest, listOffsetsResponse } from '../../../protocol/schemas/02-list-offsets.ts';
import { writeCrc } from '../../../records/batch-layout.ts';
import { batchOf, ReplicaCluster } from '../testing/replica-cluster.ts';
import { listOffsetsHandler } from './02-list-offsets.ts';

const schemas = { request: listOffsetsRequest, response: listOffsetsResponse };

/** `orders` holds three records, a second apart, written in leader epoch 0; offset 0 is deleted. */
async function bench() {
  const cluster = new ReplicaCluster([1]);
  cluster.createTopic('orders', [1]);
  const startMs = cluster.clock.now();
  for (const value of ['a', 'b', 'c']) {
    cluster.produce(1, 'orders', [value]);
    await cluster.run(1_000);
  }
  cluster.node(1).replicas.hostedPartition('orders', 0)?.deleteRecordsBefore(1);
  const list = async (
    version: number,
    timestamp: number | bigint,
    more: { name?: string; epoch?: number; twice?: boolean; isolationLevel?: number; replicaId?: number } = {},
  ) => {
    const partition = { partitionIndex: 0, currentLeaderEpoch: more.epoch ?? -1, timestamp };
    const partitions = more.twice ? [partition, partition] : [partition];
    const { replicaId = -1, isolationLevel = 0, name = 'orders' } = more;
    const request = { replicaId, isolationLevel, topics: [{ name, partitions }] };
    const node = cluster.node(1);
    const response = await node.request(listOffsetsHandler, schemas, request, node.context(2, version));
    return response?.topics[0]?.partitions[0];
  };
  return { cluster, startMs, list };
}

it.each([
  ['latest', 1, -1, { offset: 3, timestamp: -1 }],
  ['earliest', 1, -2, { offset: 1, timestamp: -1 }],
  ['latest with its epoch', 4, -1, { offset: 3, leaderEpoch: 0 }],
  ['earliest with its epoch', 11, -2, { offset: 1, leaderEpoch: 0 }],
  ['earliest local', 8, -4, { offset: 1 }],
  ['latest tiered: none', 9, -5, { offset: -1, timestamp: -1, leaderEpoch: -1, errorCode: 0 }],
  ['earliest pending upload: none', 11, -6, { offset: -1, errorCode: 0 }],
])('finds %s', async (_, version, timestamp, expected) => {
  expect(await (await bench()).list(version, timestamp)).toMatchObject(expected);
});

it.each([
  [-3, 6],
  [-4, 7],
  [-5, 8],
  [-6, 10],
])('does not know marker %i in version %i', async (timestamp, version) => {
  expect(await (await bench()).list(version, timestamp)).toMatchObject({ errorCode: errorCode.UNSUPPORTED_VERSION });
});

it('finds the first record at or after a time, and the one with the largest', async () => {
  const { startMs, list } = await bench();
  expect(await list(5, startMs + 1)).toMatchObject({ offset: 1, timestamp: startMs + 1_000, leaderEpoch: 0 });
  expect(await list(5, startMs + 2_000)).toMatchObject({ offset: 2, timestamp: startMs + 2_000 });
  expect(await list(5, startMs + 2_001)).toMatchObject({ offset: -1, timestamp: -1, errorCode: 0 });
  expect(await list(7, -3)).toMatchObject({ offset: 2, timestamp: startMs + 2_000 });
});

it('refuses unknown topics, other epochs, unknown markers and repeated partitions', async () => {
  const { list } = await bench();
  expect(await list(5, -1, { name: 'nowhere' })).toMatchObject({ errorCode: errorCode.UNKNOWN_TOPIC_OR_PARTITION });
  expect(await list(5, -1, { epoch: 1 })).toMatchObject({ errorCode: errorCode.UNKNOWN_LEADER_EPOCH });
  expect(await list(11, -7)).toMatchObject({ errorCode: errorCode.UNSUPPORTED_VERSION });
  expect(await list(11, -(2n ** 63n))).toMatchObject({ errorCode: errorCode.UNSUPPORTED_VERSION });
  expect(await list(11, -1, { isolationLevel: 9 })).toMatchObject({ errorCode: errorCode.UNKNOWN_SERVER_ERROR });
  expect(await list(5, -1, { twice: true })).toMatchObject({ errorCode: errorCode.INVALID_REQUEST });
});

it.each([2 ** 53 - 1, 2n ** 53n, 1_764_000_000_000_000_001n, 2n ** 63n - 1n])(
  'finds nothing after %s in a log of milliseconds',
  async (timestamp) => {
    const { list } = await bench();
    expect(await list(5, timestamp)).toMatchObject({ offset: -1, timestamp: -1, errorCode: 0 });
  },
);

/** Timestamps that differ by less than a number can tell, out of order, over several batches. */
const wide = [1_764_000_000_000_000_001n, 2n ** 60n + 3n, 2n ** 60n + 1n, 2n ** 63n - 1n, 2n ** 63n - 2n, 5n];

async function wideBench() {
  const setup = await bench();
  setup.cluster.config = { timestampAfterMaxMs: Number(2n ** 63n - 1n) };
  setup.cluster.createTopic('wide', [1]);
  for (const timestamp of wide) {
    const batch = batchOf(['x'], 0);
    batch.writeBigInt64BE(timestamp, 27);
    batch.writeBigInt64BE(timestamp, 35);
    writeCrc(batch, 0);
    expect(await setup.cluster.node(1).replicas.append('wide', 0, batch, 1, 1_000)).toMatchObject({ errorCode: 0 });
  }
  return { list: (version: number, timestamp: number | bigint) => setup.list(version, timestamp, { name: 'wide' }) };
}

it('answers timestamps of records exactly, however large', async () => {
  const { list } = await wideBench();
  for (const version of [1, 7, 11]) {
    expect(await list(version, 1_764_000_000_000_000_000n)).toMatchObject({ offset: 0, timestamp: wide[0] });
    expect(await list(version, 1_764_000_000_000_000_002n)).toMatchObject({ offset: 3, timestamp: 2n ** 63n - 1n });
    expect(await list(version, 0)).toMatchObject({ offset: 0, timestamp: wide[0] });
    expect(await list(version, 2 ** 53 - 1)).toMatchObject({ offset: 0 });
  }
  expect(await list(7, -3)).toMatchObject({ offset: 3, timestamp: 2n ** 63n - 1n, errorCode: 0 });
});

it('shows any replica to a reader that debugs, to its end', async () => {
  const cluster = new ReplicaCluster([1, 2]);
  cluster.createTopic('orders', [1, 2]);
  await cluster.run(20);
  cluster.produce(1, 'orders', ['a']);
  await cluster.run(20);
  const partitions = [{ partitionIndex: 0, timestamp: -1 }];
  const ask = async (replicaId: number) => {
    const request = { replicaId, isolationLevel: 0, topics: [{ name: 'orders', partitions }] };
    const node = cluster.node(2);
    return (await node.request(listOffsetsHandler, schemas, request, node.context(2, 5)))?.topics[0]?.partitions[0];
  };
  expect(await ask(-2)).toMatchObject({ errorCode: 0, offset: 1 });
  expect(await ask(-1)).toMatchObject({ errorCode: errorCode.NOT_LEADER_OR_FOLLOWER });
});

it('has no latest offset until a new leader’s high watermark has reached its epoch (KIP-207)', async () => {
  const cluster = new ReplicaCluster([1, 2]);
  cluster.createTopic('orders', [1, 2]);
  await cluster.run(20);
  cluster.produce(1, 'orders', ['a']);
  await cluster.run(2);
  cluster.isolate(1);
  cluster.controller.elect('orders', 2);
  cluster.publish();
  const node = cluster.node(2);
  const list = async (version: number) => {
    const partitions = [{ partitionIndex: 0, timestamp: -1 }];
    const request = { replicaId: -1, isolationLevel: 0, topics: [{ name: 'orders', partitions }] };
    const response = await node.request(listOffsetsHandler, schemas, request, node.context(2, version));
    return response?.topics[0]?.partitions[0];
  };
  expect(await list(5)).toMatchObject({ errorCode: errorCode.OFFSET_NOT_AVAILABLE });
  expect(await list(4)).toMatchObject({ errorCode: errorCode.LEADER_NOT_AVAILABLE });
  cluster.heal();
  await cluster.run(2_000);
  expect(await list(5)).toMatchObject({ errorCode: 0, offset: 1, leaderEpoch: 1 });
});
