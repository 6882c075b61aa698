import { describe, expect, it } from 'vitest';
import { apis } from '../../protocol/api-keys.ts';
import { clientApis } from '../../protocol/client-apis.ts';
import { errorCode } from '../../protocol/error-codes.ts';
import { KafkaAdmin } from '../admin.ts';
import { ScriptedCluster } from '../testing/scripted-cluster.ts';
import { ScriptedLogs } from '../testing/scripted-logs.ts';

const noGroup = { groupState: '', groupEpoch: 0, assignmentEpoch: 0, assignorName: '', members: [] };

function ground(brokers = 3) {
  const cluster = new ScriptedCluster(brokers);
  const logs = new ScriptedLogs(cluster);
  cluster.on(apis.listOffsets, ({ broker, body }) => ({
    topics: body.topics.map(({ name, partitions }) => ({
      name,
      partitions: partitions.map(({ partitionIndex, timestamp }) => ({
        partitionIndex,
        errorCode:
          logs.topics.get(name)?.partitions[partitionIndex]?.leader === broker ? 0 : errorCode.NOT_LEADER_OR_FOLLOWER,
        offset: timestamp === -2 ? 0 : 10 + partitionIndex,
      })),
    })),
  }));
  cluster.on(apis.describeConfigs, () => ({ throttleTimeMs: 0, results: [] }));
  cluster.on(apis.describeLogDirs, () => ({ throttleTimeMs: 0, errorCode: 0, results: [] }));
  cluster.on(apis.consumerGroupDescribe, ({ body }) => ({
    throttleTimeMs: 0,
    groups: body.groupIds.map((groupId) => ({ ...noGroup, groupId, errorCode: errorCode.GROUP_ID_NOT_FOUND })),
  }));
  cluster.on(clientApis.shareGroupDescribe, ({ body }) => ({
    throttleTimeMs: 0,
    groups: body.groupIds.map((groupId) => ({ ...noGroup, groupId, errorCode: errorCode.GROUP_ID_NOT_FOUND })),
  }));
  const admin = new KafkaAdmin(cluster.connection());
  /** The result or error code of a call, with the time passing that it needs. */
  const settled = async <T>(call: Promise<T>): Promise<T | string> => {
    let result: T | string = 'pending';
    void call.then(
      (value) => {
        result = value;
      },
      (error) => {
        result = error.code;
      },
    );
    await cluster.until('the call has ended', () => result !== 'pending');
    return result;
  };
  return { cluster, logs, admin, settled };
}

describe('admin', () => {
  it('lists every topic though a broker is gone: only what it leads has no offsets', async () => {
    const { cluster, logs, admin, settled } = ground();
    logs.create('a', 3);
    logs.create('b', 1);
    cluster.down(2);
    const topics = await settled(admin.listTopicsInFull());
    expect(topics).toMatchObject([
      { name: 'a', partitions: [{ endOffset: 10 }, { leader: 2, endOffset: -1 }, { endOffset: 12 }] },
      { name: 'b', partitions: [{ startOffset: 0, endOffset: 10 }] },
    ]);
  });

  it('lists 10,000 topics in a handful of requests', async () => {
    const { cluster, logs, admin, settled } = ground();
    for (let index = 0; index < 10_000; index++) logs.create(`t${index}`, 1);
    expect(await settled(admin.listTopicsInFull())).toHaveLength(10_000);
    expect(cluster.seen.filter(({ api }) => api.key !== apis.apiVersions.key).length).toBeLessThan(15);
  });

  it('asks again for offsets that a new leader did not tell yet', async () => {
    const { cluster, logs, admin, settled } = ground();
    logs.create('a', 2);
    let refusals = 3;
    cluster.on(apis.listOffsets, ({ body }) => {
      if (refusals-- <= 0) return undefined;
      const refuse = (partitionIndex: number) => ({ partitionIndex, errorCode: errorCode.LEADER_NOT_AVAILABLE });
      const topics = body.topics.map(({ name, partitions }) => ({
        name,
        partitions: partitions.map(({ partitionIndex }) => refuse(partitionIndex)),
      }));
      return { topics };
    });
    expect(await settled(admin.describeTopic('a'))).toMatchObject({
      partitions: [{ endOffset: 10 }, { endOffset: 11 }],
    });
  });

  it('takes a topic that its own lost request has made for success, and one that was there for a refusal', async () => {
    const { cluster, logs, admin, settled } = ground();
    let answers = 0;
    cluster.on(apis.createTopics, ({ body }) => {
      const { name } = body.topics[0]!;
      const row = { name, errorMessage: null, errorCode: logs.topics.has(name) ? errorCode.TOPIC_ALREADY_EXISTS : 0 };
      if (row.errorCode === 0) logs.create(name);
      return answers++ === 0 ? 'close' : { topics: [row] };
    });
    expect(await settled(admin.createTopic({ name: 'new' }))).toBeUndefined();
    expect(answers).toBe(2);
    expect(await settled(admin.createTopic({ name: 'new' }))).toBe('KAFKA_TOPIC_ALREADY_EXISTS');
  });

  it('finds the controller anew when it has moved', async () => {
    const { cluster, logs, admin, settled } = ground();
    logs.create('old');
    let isFirst = true;
    cluster.on(apis.deleteTopics, () => {
      const code = isFirst ? errorCode.NOT_CONTROLLER : 0;
      isFirst = false;
      return { responses: [{ name: 'old', errorCode: code, errorMessage: null }] };
    });
    expect(await settled(admin.deleteTopic('old'))).toBeUndefined();
  });

  it('finds the coordinator anew when it has moved', async () => {
    const { cluster, admin, settled } = ground();
    let coordinator = 1;
    cluster.on(apis.findCoordinator, () => ({
      coordinators: [
        {
          key: 'g',
          nodeId: coordinator,
          host: `broker-${coordinator}`,
          port: cluster.portOf(coordinator),
          errorCode: 0,
          errorMessage: null,
        },
      ],
    }));
    cluster.on(apis.deleteGroups, ({ broker }) => {
      const code = broker === 2 ? 0 : errorCode.NOT_COORDINATOR;
      coordinator = 2;
      return { throttleTimeMs: 0, results: [{ groupId: 'g', errorCode: code }] };
    });
    expect(await settled(admin.deleteGroup('g'))).toBeUndefined();
  });

  it('describes share groups by what their coordinator tells, of which classic requests know nothing', async () => {
    const { cluster, logs, admin, settled } = ground(1);
    logs.create('t', 2);
    const found = { key: 'g', nodeId: 1, host: 'broker-1', port: cluster.portOf(1), errorCode: 0, errorMessage: null };
    cluster.on(apis.findCoordinator, () => ({ coordinators: [found] }));
    cluster.on(apis.describeGroups, () => ({
      groups: [{ errorCode: 69, groupId: 'g', groupState: 'Dead', protocolType: '', protocolData: '', members: [] }],
    }));
    const topicPartitions = [{ topicId: 'A'.repeat(22), topicName: 't', partitions: [0, 1] }];
    const member = { memberId: 'm', memberEpoch: 1, clientId: 'c', clientHost: '/1', subscribedTopicNames: ['t'] };
    cluster.on(clientApis.shareGroupDescribe, () => ({
      throttleTimeMs: 0,
      groups: [
        {
          ...noGroup,
          groupId: 'g',
          errorCode: 0,
          groupState: 'Stable',
          members: [{ ...member, assignment: { topicPartitions } }],
        },
      ],
    }));
    const row = { leaderEpoch: 0, errorCode: 0 };
    cluster.on(clientApis.describeShareGroupOffsets, () => ({
      throttleTimeMs: 0,
      groups: [
        {
          groupId: 'g',
          errorCode: 0,
          topics: [
            {
              topicName: 't',
              topicId: 'A'.repeat(22),
              partitions: [
                { ...row, partitionIndex: 0, startOffset: 4, lag: 2 },
                { ...row, partitionIndex: 1, startOffset: -1 },
              ],
            },
          ],
        },
      ],
    }));
    expect(await settled(admin.describeGroup('g'))).toMatchObject({
      state: 'Stable',
      protocolType: 'share',
      members: [{ id: 'm', clientId: 'c' }],
      partitions: [
        { topic: 't', partition: 0, committedOffset: 4, endOffset: 10, lag: 2, member: 'm' },
        { topic: 't', partition: 1, committedOffset: undefined, endOffset: 11, lag: undefined, member: 'm' },
      ],
    });
  });

  it.each([
    [
      'version 6, where a group that is not there is an error',
      6,
      { errorCode: errorCode.GROUP_ID_NOT_FOUND, groupState: '' },
    ],
    ['version 5, where it is a dead one', 5, { errorCode: 0, groupState: 'Dead' }],
  ])('says that a group does not exist: %s', async (_, max, row) => {
    const { cluster, admin, settled } = ground(1);
    cluster.versions.set(apis.describeGroups.key, { min: 0, max });
    const found = { key: 'g', nodeId: 1, host: 'broker-1', port: cluster.portOf(1), errorCode: 0, errorMessage: null };
    cluster.on(apis.findCoordinator, () => ({ coordinators: [found] }));
    cluster.on(apis.describeGroups, () => ({
      groups: [{ ...row, groupId: 'g', protocolType: '', protocolData: '', members: [] }],
    }));
    cluster.on(apis.offsetFetch, () => ({ groups: [{ groupId: 'g', topics: [], errorCode: 0 }] }));
    expect(await settled(admin.describeGroup('g'))).toBe('KAFKA_UNKNOWN_GROUP');
  });
});
