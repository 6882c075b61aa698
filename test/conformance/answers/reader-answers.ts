import { apis } from '../../../engine/protocol/api-keys.ts';
import { zeroUuid } from '../../../engine/protocol/uuid.ts';
import { writeCrc } from '../../../engine/records/batch-layout.ts';
import { encodeBatch } from '../../../engine/records/record-batch.ts';
import type { RawClient } from '../../kit/raw-client.ts';
import { until } from '../../kit/until.ts';

const topic = 'wide';
const longMax = 2n ** 63n - 1n;
const stamps = [
  5n,
  2n ** 53n - 1n,
  2n ** 53n,
  2n ** 53n + 1n,
  1_764_000_000_000_000_001n,
  1_764_000_000_000_000_000n,
  longMax,
];

function stamped(timestamp: bigint): Buffer {
  const batch = encodeBatch({ records: [{ key: null, value: Buffer.from('x') }], baseTimestamp: 0 });
  batch.writeBigInt64BE(timestamp, 27);
  batch.writeBigInt64BE(timestamp, 35);
  writeCrc(batch, 0);
  return batch;
}

/** What consumers and groups are answered, by what was asked; ids that are drawn at random are left out. */
export async function readerAnswers(client: RawClient): Promise<Record<string, unknown>> {
  const configs = [{ name: 'message.timestamp.after.max.ms', value: String(longMax) }];
  const topics = [{ name: topic, numPartitions: 2, replicationFactor: 1, assignments: [], configs }];
  await client.call(apis.createTopics, 7, { topics, timeoutMs: 5_000, validateOnly: false });
  const produce = async (records: Buffer) => {
    const topicData = [{ name: topic, partitionData: [{ index: 0, records }] }];
    const answer = await client.call(apis.produce, 9, { transactionalId: null, acks: 1, timeoutMs: 5_000, topicData });
    return answer.responses[0]?.partitionResponses[0]?.errorCode;
  };
  await until('the topic takes records', async () => (await produce(stamped(stamps[0] ?? 0n))) === 0);
  for (const stamp of stamps.slice(1)) await produce(stamped(stamp));
  const list = async (
    version: number,
    timestamp: number | bigint,
    more: { isolation?: number; replica?: number } = {},
  ) => {
    const partitions = [{ partitionIndex: 0, timestamp }];
    const request = {
      replicaId: more.replica ?? -1,
      isolationLevel: more.isolation ?? 0,
      topics: [{ name: topic, partitions }],
    };
    return (await client.call(apis.listOffsets, version, request)).topics[0]?.partitions;
  };
  const listed: Record<string, unknown> = {};
  const asked = [-3, -7, -(2n ** 63n), 0, 2 ** 53 - 1, 2n ** 53n, 2n ** 53n + 2n, ...stamps.slice(4), longMax - 1n];
  for (const version of [1, 5, 11])
    for (const timestamp of asked) listed[`${version} ${timestamp}`] = await list(version, timestamp);
  const fetch = async (version: number, fetchOffset: number | bigint, isolationLevel = 0) => {
    const partitions = [{ partition: 0, fetchOffset, partitionMaxBytes: 1_000 }];
    const request = { maxWaitMs: 0, minBytes: 0, isolationLevel, topics: [{ topic, partitions }] };
    const answer = await client.call(apis.fetch, version, request);
    return [answer.errorCode, answer.responses[0]?.partitions[0]?.errorCode];
  };
  return {
    'offsets by time': listed,
    'offsets with an odd isolation level': await list(7, -1, { isolation: 9 }),
    'offsets of a replica': await list(7, -1, { replica: -2 }),
    'fetch far away': [await fetch(4, longMax), await fetch(12, longMax), await fetch(12, -(2n ** 63n))],
    'fetch with an odd isolation level': [await fetch(4, 0, 7), await fetch(12, 0, 7)],
    ...(await groupAnswers(client)),
    ...(await clusterAnswers(client)),
  };
}

async function groupAnswers(client: RawClient): Promise<Record<string, unknown>> {
  const coordinator = (key: string, keyType: number) => client.call(apis.findCoordinator, 2, { key, keyType });
  await until('there is a coordinator', async () => (await coordinator('g', 0)).errorCode === 0);
  const commit = async (version: number, groupId: string, offset: number | bigint, generation = -1, memberId = '') => {
    const partitions = [{ partitionIndex: 0, committedOffset: offset, committedMetadata: null }];
    const member = { groupId, generationIdOrMemberEpoch: generation, memberId, retentionTimeMs: longMax };
    const request = { ...member, topics: [{ name: topic, topicId: zeroUuid, partitions }] };
    return (await client.call(apis.offsetCommit, version, request)).topics[0]?.partitions[0]?.errorCode;
  };
  await until('offsets can be committed', async () => (await commit(8, 'g', 0)) === 0);
  const committed = async (groupId: string) => {
    const request = { groupId, topics: [{ name: topic, partitionIndexes: [0, 1] }], groups: [] };
    return (await client.call(apis.offsetFetch, 7, request)).topics[0]?.partitions;
  };
  const offsets: unknown[] = [];
  for (const offset of [2n ** 60n + 1n, longMax, -1, -5, -(2n ** 63n), 2 ** 53 - 1, 2n ** 53n])
    for (const version of [2, 8]) offsets.push([await commit(version, 'g', offset), await committed('g')]);
  const join = (version: number, groupId: string) =>
    client.call(apis.joinGroup, version, {
      groupId,
      sessionTimeoutMs: 10_000,
      rebalanceTimeoutMs: 10_000,
      memberId: '',
      groupInstanceId: 'i',
      protocolType: 'consumer',
      protocols: [{ name: 'range', metadata: Buffer.from('x') }],
    });
  const first = await join(9, 'static');
  const member = { groupId: 'static', generationId: first.generationId, groupInstanceId: 'i' };
  const sync = async (version: number, memberId: string, protocolType: string | null, protocolName: string | null) => {
    const assignments = [{ memberId, assignment: Buffer.from('a') }];
    const answer = await client.call(apis.syncGroup, version, {
      ...member,
      memberId,
      protocolType,
      protocolName,
      assignments,
    });
    return [answer.errorCode, answer.assignment.toString()];
  };
  const synced = [
    await sync(5, first.memberId, null, null),
    await sync(5, first.memberId, 'consumer', null),
    await sync(5, first.memberId, 'connect', 'range'),
    await sync(5, first.memberId, 'consumer', 'range'),
  ];
  const returned: unknown[] = [];
  let former = first.memberId;
  for (const version of [5, 8, 9]) {
    const { errorCode, leader, memberId, skipAssignment, members } = await join(version, 'static');
    returned.push([errorCode, leader === former, leader === memberId, skipAssignment, members.length]);
    former = memberId;
  }
  const describe = async (version: number, groupId: string) => {
    const request = { groups: [groupId], includeAuthorizedOperations: true };
    const group = (await client.call(apis.describeGroups, version, request)).groups[0];
    return [group?.errorCode, group?.groupState, group?.authorizedOperations];
  };
  return {
    'committed offsets': offsets,
    'a group without a name': [
      await commit(8, '', 3),
      await committed(''),
      await describe(6, ''),
      (await coordinator('', 0)).errorCode,
      (await join(5, '')).errorCode,
      await client.call(apis.leaveGroup, 3, { groupId: '', members: [{ memberId: 'm', groupInstanceId: null }] }),
      (await client.call(apis.deleteGroups, 2, { groupsNames: ['', ''] })).results,
    ],
    'commits to groups that are not there': [
      await commit(8, 'none-1', 1, 3),
      await commit(9, 'none-2', 1, 3),
      await commit(9, 'none-3', 1, 0, 'm'),
      await commit(9, 'none-4', 1, -1, 'm'),
    ],
    'SyncGroup 5': synced,
    'static leader that is back': returned,
    'described groups': [await describe(5, 'nobody'), await describe(6, 'nobody'), await describe(6, 'static')],
    'coordinator of a share group': (await coordinator('g', 2)).errorCode,
  };
}

async function clusterAnswers(client: RawClient): Promise<Record<string, unknown>> {
  const operations: unknown[] = [];
  for (const version of [8, 10, 11, 13]) {
    const request = { topics: [{ topicId: zeroUuid, name: topic }] };
    const asked = { includeClusterAuthorizedOperations: version <= 10, includeTopicAuthorizedOperations: true };
    const answer = await client.call(apis.metadata, version, { ...request, ...asked });
    operations.push([answer.clusterAuthorizedOperations, answer.topics[0]?.topicAuthorizedOperations]);
  }
  const cluster = async (endpointType: number) => {
    const request = { endpointType, includeClusterAuthorizedOperations: true };
    const {
      errorCode,
      endpointType: answered,
      controllerId,
      clusterAuthorizedOperations,
    } = await client.call(apis.describeCluster, 1, request);
    return [errorCode, answered, controllerId, clusterAuthorizedOperations];
  };
  const { clusterId } = await client.call(apis.describeCluster, 0, { includeClusterAuthorizedOperations: false });
  const versions = async (more: { clusterId?: string | null; nodeId?: number }) => {
    const software = { clientSoftwareName: 'raw', clientSoftwareVersion: '1' };
    return (await client.call(apis.apiVersions, 5, { ...software, ...more })).errorCode;
  };
  const producer = async (version: number, producerId: number, producerEpoch: number) => {
    const request = { transactionalId: null, transactionTimeoutMs: 1_000, producerId, producerEpoch };
    return (await client.call(apis.initProducerId, version, request)).errorCode;
  };
  await until('producers get ids', async () => (await producer(4, -1, -1)) === 0);
  return {
    'authorized operations': operations,
    'endpoint types': [await cluster(1), await cluster(2), await cluster(9)],
    'expected cluster and node': [
      await versions({ clusterId, nodeId: 1 }),
      await versions({ clusterId, nodeId: 2 }),
      await versions({ clusterId: 'elsewhere', nodeId: 1 }),
      await versions({ clusterId }),
      await versions({ nodeId: 1 }),
    ],
    'producers that come back': [await producer(3, 5, -1), await producer(4, -1, 5), await producer(5, 5, 0)],
  };
}
