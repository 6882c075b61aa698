import { apis } from '../../../engine/protocol/api-keys.ts';
import type { MessageInput } from '../../../engine/protocol/schema.ts';
import type { joinGroupRequest } from '../../../engine/protocol/schemas/11-join-group.ts';
import type { RawClient } from '../../kit/raw-client.ts';
import { until } from '../../kit/until.ts';

const topic = 'older-topic';
const group = 'older';
const metadata = Buffer.concat([
  Buffer.from([0, 1, 0, 0, 0, 1, 0, topic.length]),
  Buffer.from(topic),
  Buffer.from([255, 255, 255, 255, 0, 0, 0, 0]),
]);

interface Claim {
  readonly memberId: string;
  readonly groupInstanceId: string | null;
}

/** What members of the classic protocol are answered, above all when they are wrong; ids that are drawn at random are left out. */
export async function classicGroupAnswers(client: RawClient): Promise<Record<string, unknown>> {
  const topics = [{ name: topic, numPartitions: 2, replicationFactor: 1, assignments: [], configs: [] }];
  await client.call(apis.createTopics, 7, { topics, timeoutMs: 5_000, validateOnly: false });
  const coordinator = async () => (await client.call(apis.findCoordinator, 2, { key: group, keyType: 0 })).errorCode;
  await until('there is a coordinator', async () => (await coordinator()) === 0);
  const calls = new Calls(client);
  await until(
    'the coordinator has loaded',
    async () => (await calls.beat({ memberId: 'x', groupInstanceId: null }, 1)) === 25,
  );
  const first = await calls.join();
  const member = await calls.join({ memberId: first.memberId });
  const claim: Claim = { memberId: member.memberId, groupInstanceId: null };
  const { generationId } = member;
  const unsynced = [
    await calls.beat(claim, generationId),
    await calls.commit(claim, generationId),
    await calls.commit({ memberId: '', groupInstanceId: null }, -1),
    await calls.remove(),
    await calls.forget(topic),
    await calls.describe(),
  ];
  const synced = await calls.sync(claim, generationId, 'part');
  const wrong: Record<string, unknown> = {
    'id required': [first.errorCode, first.generationId, first.members.length],
    joined: [
      member.errorCode,
      generationId,
      member.protocolType,
      member.protocolName,
      member.leader === member.memberId,
    ],
    'session too short': (await calls.join({ sessionTimeoutMs: 10 })).errorCode,
    'session too long': (await calls.join({ sessionTimeoutMs: 1_800_001 })).errorCode,
    'another type': (await calls.join({ protocolType: 'connect' })).errorCode,
    'no type': (await calls.join({ protocolType: '' })).errorCode,
    'other protocols': (await calls.join({ protocols: [{ name: 'mine', metadata }] })).errorCode,
    'no protocols': (await calls.join({ protocols: [] })).errorCode,
    'a member nobody knows': (await calls.join({ memberId: 'x' })).errorCode,
    'an instance nobody knows': (await calls.join({ memberId: 'x', groupInstanceId: 'i' })).errorCode,
    beats: [
      await calls.beat(claim, generationId),
      await calls.beat(claim, generationId + 1),
      await calls.beat(claim, generationId - 1),
      await calls.beat({ memberId: 'x', groupInstanceId: null }, generationId),
      await calls.beat({ ...claim, groupInstanceId: 'i' }, generationId),
    ],
    syncs: [
      await calls.sync(claim, generationId, 'again'),
      await calls.sync(claim, generationId + 1, 'part'),
      await calls.sync({ memberId: 'x', groupInstanceId: null }, generationId, 'part'),
    ],
    commits: [
      await calls.commit(claim, generationId),
      await calls.commit(claim, generationId + 1),
      await calls.commit(claim, -1),
      await calls.commit({ memberId: '', groupInstanceId: null }, -1),
      await calls.commit({ memberId: 'x', groupInstanceId: null }, generationId),
      await calls.commit({ ...claim, groupInstanceId: 'i' }, generationId),
    ],
    leaves: [
      await calls.leave({ memberId: 'x', groupInstanceId: null }),
      await calls.leave({ memberId: '', groupInstanceId: 'i' }),
      await calls.leave({ ...claim, groupInstanceId: 'i' }),
    ],
    removed: await calls.remove(),
    forgotten: [await calls.forget(topic), await calls.forget('no-topic')],
    described: await calls.describe(),
  };
  const left = [
    await calls.leave(claim),
    await calls.leave(claim),
    await calls.describe(),
    await calls.beat(claim, generationId),
  ];
  const empty = [
    await calls.commit({ memberId: '', groupInstanceId: null }, -1),
    await calls.commit(claim, generationId),
    await calls.sync(claim, generationId, 'part'),
    await calls.forget(topic),
    await calls.forget(topic),
  ];
  return {
    unsynced,
    synced,
    ...wrong,
    left,
    empty,
    gone: [await calls.remove(), await calls.remove(), await calls.forget(topic)],
  };
}

class Calls {
  readonly #client: RawClient;

  constructor(client: RawClient) {
    this.#client = client;
  }

  join(more: Partial<MessageInput<typeof joinGroupRequest>> = {}) {
    return this.#client.call(apis.joinGroup, 9, {
      groupId: group,
      sessionTimeoutMs: 30_000,
      rebalanceTimeoutMs: 30_000,
      memberId: '',
      groupInstanceId: null,
      protocolType: 'consumer',
      protocols: [{ name: 'range', metadata }],
      ...more,
    });
  }

  async beat(claim: Claim, generationId: number) {
    return (await this.#client.call(apis.heartbeat, 4, { groupId: group, ...claim, generationId })).errorCode;
  }

  async sync(claim: Claim, generationId: number, part: string) {
    const assignments = [{ memberId: claim.memberId, assignment: Buffer.from(part) }];
    const named = { protocolType: 'consumer', protocolName: 'range', assignments };
    const answer = await this.#client.call(apis.syncGroup, 5, { groupId: group, ...claim, generationId, ...named });
    return [answer.errorCode, answer.assignment.toString()];
  }

  async commit(claim: Claim, generationId: number) {
    const partitions = [{ partitionIndex: 0, committedOffset: 7, committedMetadata: null }];
    const body = {
      groupId: group,
      ...claim,
      generationIdOrMemberEpoch: generationId,
      topics: [{ name: topic, partitions }],
    };
    return (await this.#client.call(apis.offsetCommit, 9, body)).topics[0]?.partitions[0]?.errorCode;
  }

  async leave(claim: Claim) {
    const answer = await this.#client.call(apis.leaveGroup, 5, {
      groupId: group,
      members: [{ ...claim, reason: null }],
    });
    return [answer.errorCode, ...answer.members.map(({ errorCode, groupInstanceId }) => [errorCode, groupInstanceId])];
  }

  async remove() {
    return (await this.#client.call(apis.deleteGroups, 2, { groupsNames: [group] })).results;
  }

  forget(name: string) {
    const topics = [{ name, partitions: [{ partitionIndex: 0 }, { partitionIndex: 1 }] }];
    return this.#client.call(apis.offsetDelete, 0, { groupId: group, topics });
  }

  async describe() {
    const { groups } = await this.#client.call(apis.describeGroups, 6, {
      groups: [group],
      includeAuthorizedOperations: false,
    });
    const { groups: newer } = await this.#client.call(apis.consumerGroupDescribe, 1, {
      groupIds: [group],
      includeAuthorizedOperations: false,
    });
    const { groups: listed } = await this.#client.call(apis.listGroups, 5, { typesFilter: [], statesFilter: [] });
    return [
      groups.map(({ members, ...row }) => ({
        ...row,
        members: members.map(({ memberMetadata }) => memberMetadata.length),
      })),
      newer.map(({ errorCode, errorMessage }) => [errorCode, errorMessage]),
      listed.filter(({ groupId }) => groupId === group),
    ];
  }
}
