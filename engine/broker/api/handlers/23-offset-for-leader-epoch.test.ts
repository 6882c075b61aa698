import { expect, it } from 'vitest';
import { errorCode } from '../../../protocol/error-codes.ts';
import {
  offsetForLeaderEpochRequest,
  offsetForLeaderEpochResponse,
} from '../../../protocol/schemas/23-offset-for-leader-epoch.ts';
import { ReplicaCluster } from '../testing/replica-cluster.ts';
import { offsetForLeaderEpochHandler } from './23-offset-for-leader-epoch.ts';

const schemas = { request: offsetForLeaderEpochRequest, response: offsetForLeaderEpochResponse };

/** Two records in epoch 0, none in 1, one in 2. */
function bench() {
  const cluster = new ReplicaCluster([1]);
  cluster.createTopic('orders', [1]);
  cluster.produce(1, 'orders', ['a', 'b']);
  for (let epoch = 1; epoch <= 2; epoch++) {
    cluster.controller.elect('orders', 1);
    cluster.publish();
  }
  cluster.produce(1, 'orders', ['c']);
  return async (version: number, leaderEpoch: number, currentLeaderEpoch = -1, topic = 'orders') => {
    const topics = [{ topic, partitions: [{ partition: 0, currentLeaderEpoch, leaderEpoch }] }];
    const node = cluster.node(1);
    const response = await node.request(offsetForLeaderEpochHandler, schemas, { topics }, node.context(23, version));
    return response?.topics[0]?.partitions[0];
  };
}

it.each([
  [2, 0, { leaderEpoch: 0, endOffset: 2 }],
  [3, 1, { leaderEpoch: 0, endOffset: 2 }],
  [4, 2, { leaderEpoch: 2, endOffset: 3 }],
  [4, 3, { leaderEpoch: -1, endOffset: -1 }],
])('version %i: where epoch %i ends', async (version, epoch, expected) => {
  expect(await bench()(version, epoch)).toMatchObject({ errorCode: 0, partition: 0, ...expected });
});

it('fences epochs and does not know other topics', async () => {
  const ask = bench();
  expect(await ask(4, 0, 1)).toMatchObject({ errorCode: errorCode.FENCED_LEADER_EPOCH, endOffset: -1 });
  expect(await ask(4, 0, 3)).toMatchObject({ errorCode: errorCode.UNKNOWN_LEADER_EPOCH });
  expect(await ask(4, 0, -1, 'nowhere')).toMatchObject({ errorCode: errorCode.UNKNOWN_TOPIC_OR_PARTITION });
});
