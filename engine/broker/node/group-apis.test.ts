import { beforeAll, describe, expect, it } from 'vitest';
import { apis } from '../../protocol/api-keys.ts';
import { errorCode } from '../../protocol/error-codes.ts';
import { zeroUuid } from '../../protocol/uuid.ts';
import { MemoryCluster } from './testing/memory-cluster.ts';

let cluster: MemoryCluster;
const noOperations = -2_147_483_648;

beforeAll(async () => {
  cluster = new MemoryCluster([1], 13);
  cluster.start(1);
  await cluster.until(() => cluster.brokers.get(1)?.unreadyReason() === undefined);
  await cluster.request(1, apis.metadata, { topics: [{ name: 'orders' }] });
  while ((await coordinator(0, 'g')).errorCode !== errorCode.NONE);
  while ((await commit(8, 'g')) !== errorCode.NONE);
});

function coordinator(keyType: number, key: string) {
  return cluster.request(1, apis.findCoordinator, { key, keyType }, 3);
}

async function commit(version: number, groupId: string, more: { generation?: number; memberId?: string } = {}) {
  const { generation = -1, memberId = '' } = more;
  const partitions = [{ partitionIndex: 0, committedOffset: 3, committedMetadata: null }];
  const topics = [{ name: 'orders', topicId: zeroUuid, partitions }];
  const request = { groupId, generationIdOrMemberEpoch: generation, memberId, topics };
  const answer = await cluster.request(1, apis.offsetCommit, request, version);
  return answer.topics[0]?.partitions[0]?.errorCode;
}

function join(version: number, groupId: string, groupInstanceId: string | null = null) {
  const protocols = [{ name: 'range', metadata: Buffer.from('x') }];
  const times = { sessionTimeoutMs: 10_000, rebalanceTimeoutMs: 10_000 };
  const request = { groupId, ...times, memberId: '', groupInstanceId, protocolType: 'consumer', protocols };
  return cluster.request(1, apis.joinGroup, request, version);
}

describe('a group without a name', () => {
  it('is a place for offsets', async () => {
    expect(await coordinator(0, '')).toMatchObject({ errorCode: 0, nodeId: 1 });
    expect(await commit(8, '')).toBe(0);
    const asked = { groupId: '', topics: [{ name: 'orders', partitionIndexes: [0] }], groups: [] };
    const { topics } = await cluster.request(1, apis.offsetFetch, asked, 7);
    expect(topics[0]?.partitions[0]).toMatchObject({ committedOffset: 3, errorCode: 0 });
    const described = await cluster.request(1, apis.describeGroups, { groups: [''] });
    expect(described.groups).toMatchObject([{ errorCode: 0, groupState: 'Empty' }]);
    const deleted = await cluster.request(1, apis.deleteGroups, { groupsNames: ['', ''] });
    expect(deleted.results).toEqual([{ groupId: '', errorCode: 0, errorMessage: null }]);
  });

  it('has no members', async () => {
    const code = errorCode.INVALID_GROUP_ID;
    expect((await join(9, '')).errorCode).toBe(code);
    const member = { groupId: '', generationId: 1, memberId: 'm', groupInstanceId: null };
    expect(await cluster.request(1, apis.heartbeat, member)).toMatchObject({ errorCode: code });
    const named = { protocolType: 'consumer', protocolName: 'range', assignments: [] };
    expect(await cluster.request(1, apis.syncGroup, { ...member, ...named })).toMatchObject({ errorCode: code });
    const members = [{ memberId: 'm', groupInstanceId: null, reason: null }];
    expect(await cluster.request(1, apis.leaveGroup, { groupId: '', members })).toMatchObject({ errorCode: code });
  });
});

describe('coordinators', () => {
  it('are there for transactional ids too', async () => {
    expect(await coordinator(1, 'till')).toMatchObject({ errorCode: errorCode.NONE, nodeId: 1 });
  });

  it('are there for nothing else', async () => {
    expect((await coordinator(2, 'g')).errorCode).toBe(errorCode.INVALID_REQUEST);
  });
});

it.each([
  [8, { generation: 3 }, errorCode.ILLEGAL_GENERATION],
  [9, { generation: 3 }, errorCode.GROUP_ID_NOT_FOUND],
  [9, { generation: 0, memberId: 'm' }, errorCode.GROUP_ID_NOT_FOUND],
  [9, { memberId: 'm' }, errorCode.NONE],
])('OffsetCommit %i as %j of a group that does not exist', async (version, more, code) => {
  expect(await commit(version, `none-${version}-${JSON.stringify(more)}`, more)).toBe(code);
});

it('SyncGroup 5 wants the protocol type and name', async () => {
  const { memberId, generationId } = await join(3, 'synced');
  const sync = async (version: number, protocolType: string | null, protocolName: string | null) => {
    const member = { groupId: 'synced', generationId, memberId, groupInstanceId: null };
    const request = {
      ...member,
      protocolType,
      protocolName,
      assignments: [{ memberId, assignment: Buffer.from('a') }],
    };
    return (await cluster.request(1, apis.syncGroup, request, version)).errorCode;
  };
  for (const [type, name] of [
    [null, null],
    ['consumer', null],
    [null, 'range'],
    ['connect', 'range'],
  ] as const)
    expect(await sync(5, type, name)).toBe(errorCode.INCONSISTENT_GROUP_PROTOCOL);
  expect(await sync(5, 'consumer', 'range')).toBe(0);
  expect(await sync(4, null, null)).toBe(0);
});

it('answers a static leader that is back as a follower, or from version 9 on as a leader without an assignment to make', async () => {
  const first = await join(9, 'static', 'till-1');
  const member = { groupId: 'static', generationId: first.generationId, groupInstanceId: 'till-1' };
  const assignments = [{ memberId: first.memberId, assignment: Buffer.from('a') }];
  const named = { protocolType: 'consumer', protocolName: 'range' };
  await cluster.request(1, apis.syncGroup, { ...member, ...named, memberId: first.memberId, assignments });
  let former = first.memberId;
  for (const version of [5, 7, 8]) {
    const back = await join(version, 'static', 'till-1');
    expect(back).toMatchObject({ errorCode: 0, leader: former, skipAssignment: false, members: [] });
    former = back.memberId;
    const synced = await cluster.request(1, apis.syncGroup, { ...member, memberId: former, assignments: [] }, 4);
    expect(synced.assignment.toString()).toBe('a');
  }
  const back = await join(9, 'static', 'till-1');
  expect(back).toMatchObject({ leader: back.memberId, skipAssignment: true, members: [{ memberId: back.memberId }] });
});

it('shows types and operations of groups as Kafka does', async () => {
  const { groups } = await cluster.request(1, apis.listGroups, { statesFilter: [], typesFilter: ['Classic'] });
  expect(groups.find(({ groupId }) => groupId === 'g')).toMatchObject({ groupType: 'classic', groupState: 'Empty' });
  const describeGroup = async (groupId: string, version: number, includeAuthorizedOperations: boolean) => {
    const asked = { groups: [groupId], includeAuthorizedOperations };
    return (await cluster.request(1, apis.describeGroups, asked, version)).groups[0]?.authorizedOperations;
  };
  expect(await describeGroup('g', 6, true)).toBe(3400);
  expect(await describeGroup('g', 6, false)).toBe(noOperations);
  expect(await describeGroup('nobody', 5, true)).toBe(3400);
  expect(await describeGroup('nobody', 6, true)).toBe(noOperations);
});

it('shows the operations of topics and of the cluster', async () => {
  const asked = { includeClusterAuthorizedOperations: true, includeTopicAuthorizedOperations: true };
  const metadata = await cluster.request(1, apis.metadata, { topics: [{ name: 'orders' }], ...asked }, 10);
  expect([metadata.clusterAuthorizedOperations, metadata.topics[0]?.topicAuthorizedOperations]).toEqual([8096, 3576]);
  const silent = await cluster.request(1, apis.metadata, { topics: null }, 10);
  expect(silent.clusterAuthorizedOperations).toBe(noOperations);
  const describeCluster = (endpointType: number, isAsked = true) =>
    cluster.request(1, apis.describeCluster, { endpointType, includeClusterAuthorizedOperations: isAsked });
  expect(await describeCluster(1)).toMatchObject({ errorCode: 0, clusterAuthorizedOperations: 8096 });
  expect(await describeCluster(1, false)).toMatchObject({ clusterAuthorizedOperations: noOperations });
  const refused = { endpointType: 1, clusterId: '', brokers: [] };
  expect(await describeCluster(2)).toMatchObject({ errorCode: errorCode.MISMATCHED_ENDPOINT_TYPE, ...refused });
  expect(await describeCluster(9)).toMatchObject({ errorCode: errorCode.UNSUPPORTED_ENDPOINT_TYPE, ...refused });
});

it.each([
  [5, -1],
  [-1, 5],
])('InitProducerId with id %i and epoch %i is refused', async (producerId, producerEpoch) => {
  const asked = { transactionalId: null, transactionTimeoutMs: 1_000, producerId, producerEpoch };
  const answer = await cluster.request(1, apis.initProducerId, asked);
  expect(answer).toMatchObject({ errorCode: errorCode.INVALID_REQUEST, producerId: -1 });
});
