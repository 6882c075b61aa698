import { apis } from '../../../engine/protocol/api-keys.ts';
import type { MessageInput } from '../../../engine/protocol/schema.ts';
import type { consumerGroupHeartbeatRequest } from '../../../engine/protocol/schemas/68-consumer-group-heartbeat.ts';
import type { RawClient } from '../../kit/raw-client.ts';
import { until } from '../../kit/until.ts';

const topic = 'shared-out';
const group = 'newer';

type Beat = Partial<MessageInput<typeof consumerGroupHeartbeatRequest>>;

/** A member that says everything with each heartbeat, and has what it was told to have. */
class Member {
  readonly memberId: string;
  epoch = 0;
  owned: readonly { readonly topicId: string; readonly partitions: readonly number[] }[] = [];
  readonly #client: RawClient;
  readonly #more: Beat;

  constructor(client: RawClient, memberId: string, more: Beat = {}) {
    this.#client = client;
    this.memberId = memberId;
    this.#more = more;
  }

  /** The answer to a heartbeat: its code, with words where it is one. */
  async send(more: Beat = {}, version = 1): Promise<readonly unknown[]> {
    const body = { groupId: group, memberId: this.memberId, memberEpoch: this.epoch, ...more };
    const answer = await this.#client.call(apis.consumerGroupHeartbeat, version, body);
    return [answer.errorCode, answer.errorMessage?.replaceAll(/\(\d+\)/g, '(epoch)')];
  }

  async #beat(): Promise<string> {
    const answer = await this.#client.call(apis.consumerGroupHeartbeat, 1, {
      groupId: group,
      memberId: this.memberId,
      memberEpoch: this.epoch,
      rebalanceTimeoutMs: 30_000,
      subscribedTopicNames: [topic],
      topicPartitions: this.epoch === 0 ? [] : [...this.owned],
      ...this.#more,
    });
    if (answer.errorCode !== 0) return `error ${answer.errorCode} ${answer.errorMessage}`;
    this.epoch = answer.memberEpoch;
    if (answer.assignment) this.owned = answer.assignment.topicPartitions;
    return `${this.epoch} has ${this.count}`;
  }

  get count(): number {
    return this.owned.reduce((sum, { partitions }) => sum + partitions.length, 0);
  }

  /** Heartbeats until it has so many partitions: the targets of a group may be made later than it is asked. */
  async untilItHas(count: number, ...others: readonly Member[]): Promise<string> {
    await until(`${this.memberId} has ${count} partitions`, async () => {
      for (const other of others) await other.#beat();
      await this.#beat();
      return this.count === count;
    });
    return this.#beat();
  }
}

/** What members, readers and tools of groups of the consumer protocol are answered. */
export async function consumerGroupAnswers(client: RawClient): Promise<Record<string, unknown>> {
  const topics = [{ name: topic, numPartitions: 4, replicationFactor: 1, assignments: [], configs: [] }];
  const made = await client.call(apis.createTopics, 7, { topics, timeoutMs: 5_000, validateOnly: false });
  const topicId = made.topics[0]?.topicId ?? '';
  await until('there is a coordinator', async () => {
    const { errorCode } = await client.call(apis.findCoordinator, 2, { key: group, keyType: 0 });
    return errorCode === 0;
  });
  const a = new Member(client, 'a');
  const valid = { rebalanceTimeoutMs: 30_000, subscribedTopicNames: [topic], topicPartitions: [] };
  await until('the coordinator has loaded', async () => (await a.send({ memberEpoch: 5 }))[0] === 69);
  const refused: Record<string, unknown> = {};
  const invalid: Record<string, Beat> = {
    'no group': { ...valid, groupId: '' },
    'no member': { ...valid, memberId: '' },
    'no instance': { ...valid, instanceId: '' },
    'no rack': { ...valid, rackId: '' },
    'no timeout': { ...valid, rebalanceTimeoutMs: -1 },
    'no partitions': { ...valid, topicPartitions: null },
    'partitions at once': { ...valid, topicPartitions: [{ topicId, partitions: [0] }] },
    'no subscription': { ...valid, subscribedTopicNames: null },
    'epoch -2 without an instance': { memberEpoch: -2 },
    'epoch -3': { memberEpoch: -3 },
    'another assignor': { ...valid, serverAssignor: 'mine' },
    'not an expression': { ...valid, subscribedTopicRegex: '(' },
    'look-ahead': { ...valid, subscribedTopicRegex: '(?=x)y' },
    'a group that is not there': { memberEpoch: 3 },
    'leaving what is not there': { memberEpoch: -1 },
  };
  for (const [name, beat] of Object.entries(invalid)) refused[name] = codesOf(await a.send(beat));
  return {
    refused,
    ...(await lifeAnswers(client, a)),
    ...(await offsetAnswers(client, a)),
    ...(await mixedAnswers(client, a)),
    ...(await endAnswers(client, a)),
  };
}

/** RE2's own words about an expression are left out: they name the place in words of each implementation. */
function codesOf([code, message]: readonly unknown[]): readonly unknown[] {
  return code === 128 ? [code] : [code, message];
}

async function lifeAnswers(client: RawClient, a: Member): Promise<Record<string, unknown>> {
  const alone = await a.untilItHas(4);
  // Kafka's first targets have no partitions, as the others are made beside the heartbeat: its epochs are one ahead.
  const first = a.epoch;
  const since = (text: string) => text.replace(/^\d+/, (epoch) => `${Number(epoch) - first} later`);
  const b = new Member(client, 'b', { instanceId: 'i' });
  const joined = await b.untilItHas(2, a);
  const shared = await a.untilItHas(2, b);
  const fenced = {
    'a greater epoch': await a.send({ memberEpoch: a.epoch + 1 }),
    'the epoch before': await a.send({ memberEpoch: a.epoch - 1 }),
    'the epoch before with its partitions': (
      await a.send({ memberEpoch: a.epoch - 1, topicPartitions: [...a.owned] })
    )[0],
    'a member nobody knows': await a.send({ memberId: 'x', memberEpoch: 1 }),
    'an instance nobody knows': await a.send({ instanceId: 'j', memberEpoch: 1 }),
    'the instance of another': await a.send({ instanceId: 'i', memberEpoch: 1 }),
  };
  const twin = new Member(client, 'b2', { instanceId: 'i' });
  const joining = {
    instanceId: 'i',
    rebalanceTimeoutMs: 30_000,
    subscribedTopicNames: [topic],
    topicPartitions: [],
  };
  const unreleased = await twin.send(joining);
  const before = JSON.stringify(b.owned.map(({ partitions }) => partitions));
  const left = await b.send({ memberEpoch: -2, instanceId: 'i' });
  const back = await twin.untilItHas(2);
  const isSame = JSON.stringify(twin.owned.map(({ partitions }) => partitions)) === before;
  const described = await client.call(apis.consumerGroupDescribe, 1, {
    groupIds: [group, 'none'],
    includeAuthorizedOperations: true,
  });
  const list = async (typesFilter: string[], statesFilter: string[]) =>
    (await client.call(apis.listGroups, 5, { typesFilter, statesFilter })).groups.filter(
      ({ groupId }) => groupId === group,
    );
  const classic = async (version: number) =>
    (await client.call(apis.describeGroups, version, { groups: [group], includeAuthorizedOperations: false })).groups;
  return {
    alone: since(alone),
    joined: since(joined),
    shared: since(shared),
    fenced,
    unreleased,
    left,
    back: [since(back), isSame],
    described: described.groups.toSorted(byGroup).map((row) => ({
      ...row,
      ...(row.errorCode === 0 && { groupEpoch: row.groupEpoch - first, assignmentEpoch: row.assignmentEpoch - first }),
      members: row.members
        .map(({ clientId, clientHost, assignment, targetAssignment, ...member }) => ({
          ...member,
          memberEpoch: member.memberEpoch - first,
          assigned: assignment.topicPartitions.flatMap(({ topicName, partitions }) => [topicName, partitions.length]),
          target: targetAssignment.topicPartitions.flatMap(({ topicName, partitions }) => [
            topicName,
            partitions.length,
          ]),
        }))
        .sort((one, other) => (one.memberId < other.memberId ? -1 : 1)),
    })),
    listed: [await list([], []), await list(['Consumer'], []), await list(['classic'], []), await list([], ['Stable'])],
    classic: [await classic(5), await classic(6)],
  };
}

async function offsetAnswers(client: RawClient, a: Member): Promise<Record<string, unknown>> {
  const mine = a.owned[0]?.partitions[0] ?? 0;
  const commit = async (memberId: string, epoch: number, version = 9) => {
    const partitions = [{ partitionIndex: mine, committedOffset: 7, committedMetadata: null }];
    const member = { groupId: group, generationIdOrMemberEpoch: epoch, memberId };
    const answer = await client.call(apis.offsetCommit, version, { ...member, topics: [{ name: topic, partitions }] });
    return answer.topics[0]?.partitions[0]?.errorCode;
  };
  const fetch = async (memberId: string | null, memberEpoch: number, groupId = group) => {
    const topics = [{ name: topic, partitionIndexes: [mine] }];
    const answer = await client.call(apis.offsetFetch, 9, { groups: [{ groupId, memberId, memberEpoch, topics }] });
    return [answer.groups[0]?.errorCode, answer.groups[0]?.topics[0]?.partitions[0]?.committedOffset];
  };
  const forget = async (groupId: string, ...names: string[]) => {
    const topics = names.map((name) => ({ name, partitions: [{ partitionIndex: mine }] }));
    return client.call(apis.offsetDelete, 0, { groupId, topics });
  };
  return {
    commits: [
      await commit('a', a.epoch),
      await commit('a', a.epoch, 8),
      await commit('a', a.epoch + 1),
      await commit('a', 0),
      await commit('x', 1),
      await commit('', -1),
    ],
    fetches: [
      await fetch(null, -1),
      await fetch('a', a.epoch),
      await fetch('a', a.epoch + 1),
      await fetch('x', 1),
      await fetch('x', 1, 'none'),
      await fetch(null, -1, 'none'),
    ],
    forgets: [await forget('none', topic), await forget(group, topic), await forget(group, 'no-topic')],
  };
}

async function mixedAnswers(client: RawClient, a: Member): Promise<Record<string, unknown>> {
  const join = async (
    memberId: string,
    name: string,
    protocolType = 'consumer',
    groupInstanceId: string | null = null,
  ) => {
    const metadata = Buffer.concat([
      Buffer.from([0, 1, 0, 0, 0, 1, 0, topic.length]),
      Buffer.from(topic),
      Buffer.alloc(8),
    ]);
    const protocols = [{ name, metadata }];
    const times = { sessionTimeoutMs: 30_000, rebalanceTimeoutMs: 30_000 };
    const member = { groupId: group, memberId, groupInstanceId, protocolType, protocols };
    return client.call(apis.joinGroup, 9, { ...times, ...member });
  };
  const required = await join('', 'range');
  const joined = await join(required.memberId, 'range');
  const claim = { groupId: group, memberId: required.memberId, groupInstanceId: null };
  const beat = async (generationId: number, memberId = claim.memberId) =>
    (await client.call(apis.heartbeat, 4, { ...claim, memberId, generationId })).errorCode;
  const beats = [await beat(joined.generationId + 9), await beat(1, 'x'), await beat(a.epoch, 'a')];
  const sync = async (generationId: number, protocolName: string | null) =>
    (
      await client.call(apis.syncGroup, 5, {
        ...claim,
        generationId,
        protocolType: 'consumer',
        protocolName,
        assignments: [],
      })
    ).errorCode;
  const syncs = [await sync(joined.generationId + 9, 'range'), await sync(joined.generationId, 'other')];
  const leave = async (memberId: string) =>
    (
      await client.call(apis.leaveGroup, 5, {
        groupId: group,
        members: [{ memberId, groupInstanceId: null, reason: null }],
      })
    ).members.map(({ errorCode }) => errorCode);
  return {
    'a classic member': [required.errorCode, joined.errorCode, joined.protocolName, joined.leader, joined.members],
    'classic beats': beats,
    'classic syncs': syncs,
    'classic members that leave': [await leave('a'), await leave('x'), await leave(claim.memberId)],
    'other protocols': [(await join('', 'range', 'connect')).errorCode],
  };
}

async function endAnswers(client: RawClient, a: Member): Promise<Record<string, unknown>> {
  const remove = async () => (await client.call(apis.deleteGroups, 2, { groupsNames: [group] })).results;
  const early = await remove();
  const left = [await a.send({ memberEpoch: -1 }), await a.send({ memberEpoch: -1 })];
  const others = await new Member(client, 'b2').send({ memberEpoch: -1, instanceId: 'i' });
  const state = async () => {
    const { groups } = await client.call(apis.listGroups, 5, { typesFilter: [], statesFilter: [] });
    return groups.filter(({ groupId }) => groupId === group);
  };
  const empty = await state();
  return { early, left, others, empty, removed: [await remove(), await remove()], after: await state() };
}

function byGroup({ groupId: a }: { readonly groupId: string }, { groupId: b }: { readonly groupId: string }): number {
  return a < b ? -1 : 1;
}
