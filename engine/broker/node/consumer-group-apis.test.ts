import { beforeAll, expect, it } from 'vitest';
import { apis } from '../../protocol/api-keys.ts';
import { errorCode } from '../../protocol/error-codes.ts';
import { MemoryCluster } from './testing/memory-cluster.ts';

let cluster: MemoryCluster;

beforeAll(async () => {
  cluster = new MemoryCluster([1], 29);
  cluster.start(1);
  await cluster.until(() => cluster.brokers.get(1)?.unreadyReason() === undefined);
  await createTopic('orders', 2);
  while ((await beat({ memberId: 'probe', memberEpoch: 1 })).errorCode !== errorCode.GROUP_ID_NOT_FOUND)
    await cluster.request(1, apis.findCoordinator, { key: 'g', keyType: 0 }, 3);
});

function createTopic(name: string, numPartitions: number) {
  const topics = [{ name, numPartitions, replicationFactor: 1, assignments: [], configs: [] }];
  return cluster.request(1, apis.createTopics, { topics, timeoutMs: 5_000 });
}

function beat(more: { memberId: string; memberEpoch: number; subscribedTopicRegex?: string; groupId?: string }) {
  const isJoin = more.memberEpoch === 0;
  const joining = { rebalanceTimeoutMs: 10_000, topicPartitions: [], subscribedTopicNames: ['orders'] };
  return cluster.request(1, apis.consumerGroupHeartbeat, { groupId: 'g', ...(isJoin ? joining : {}), ...more });
}

async function describe(groupId: string) {
  const asked = { groupIds: [groupId], includeAuthorizedOperations: true };
  return (await cluster.request(1, apis.consumerGroupDescribe, asked)).groups[0];
}

it('serves members over the wire, from the first heartbeat to the last', async () => {
  const joined = await beat({ memberId: 'm', memberEpoch: 0 });
  expect(joined).toMatchObject({ errorCode: 0, memberEpoch: 1, heartbeatIntervalMs: 5_000 });
  expect(joined.assignment?.topicPartitions).toMatchObject([{ partitions: [0, 1] }]);
  const topicPartitions = [{ topicName: 'orders', partitions: [0, 1] }];
  expect(await describe('g')).toMatchObject({
    errorCode: 0,
    groupState: 'Stable',
    groupEpoch: 1,
    assignmentEpoch: 1,
    assignorName: 'uniform',
    authorizedOperations: 3400,
    members: [{ memberId: 'm', memberType: 1, assignment: { topicPartitions }, targetAssignment: { topicPartitions } }],
  });
  const { groups } = await cluster.request(1, apis.listGroups, { statesFilter: ['stable'], typesFilter: ['CONSUMER'] });
  expect(groups).toMatchObject([{ groupId: 'g', groupType: 'consumer', protocolType: 'consumer' }]);
  const { groups: older } = await cluster.request(1, apis.describeGroups, { groups: ['g'] });
  expect(older).toMatchObject([
    { errorCode: errorCode.GROUP_ID_NOT_FOUND, errorMessage: 'Group g is not a classic group.' },
  ]);
  expect((await beat({ memberId: 'm', memberEpoch: -1 })).errorCode).toBe(0);
  expect((await describe('g'))?.groupState).toBe('Empty');
  const { results } = await cluster.request(1, apis.deleteGroups, { groupsNames: ['g'] });
  expect(results).toMatchObject([{ errorCode: 0 }]);
  expect(await describe('g')).toMatchObject({ errorCode: errorCode.GROUP_ID_NOT_FOUND, groupState: '' });
});

it('sees topics that are made while members read', async () => {
  await beat({ memberId: 'r', memberEpoch: 0, groupId: 'by-pattern', subscribedTopicRegex: 'order.*' });
  await createTopic('orders-2', 1);
  const { memberEpoch } = await beat({ memberId: 'r', memberEpoch: 1, groupId: 'by-pattern' });
  expect(memberEpoch).toBe(2);
  const owned = (await describe('by-pattern'))?.members[0]?.assignment.topicPartitions.map(
    ({ topicName }) => topicName,
  );
  expect(owned?.sort()).toEqual(['orders', 'orders-2']);
  await beat({ memberId: 'r', memberEpoch: -1, groupId: 'by-pattern' });
});

it('serves no such groups where the cluster’s feature group.version is 0, as of one that is older', async () => {
  const setLevel = (maxVersionLevel: number, upgradeType: number) => {
    const featureUpdates = [{ feature: 'group.version', maxVersionLevel, upgradeType }];
    return cluster.request(1, apis.updateFeatures, { timeoutMs: 5_000, featureUpdates, validateOnly: false });
  };
  await beat({ memberId: 'f', memberEpoch: 0, groupId: 'featured' });
  expect((await setLevel(0, 2)).errorCode).toBe(0);
  await cluster.until(() => cluster.brokers.get(1)?.inspect()?.image.featureLevel('group.version') === 0);
  expect((await beat({ memberId: 'f', memberEpoch: 1, groupId: 'featured' })).errorCode).toBe(
    errorCode.UNSUPPORTED_VERSION,
  );
  expect(await describe('featured')).toMatchObject({ errorCode: errorCode.UNSUPPORTED_VERSION });
  expect((await setLevel(1, 1)).errorCode).toBe(0);
  await cluster.until(() => cluster.brokers.get(1)?.inspect()?.image.featureLevel('group.version') === 1);
  expect((await beat({ memberId: 'f', memberEpoch: 1, groupId: 'featured' })).errorCode).toBe(0);
});
