import { apis } from '../../../engine/protocol/api-keys.ts';
import { decode, encodeToBuffer } from '../../../engine/protocol/codec.ts';
import type { JoinGroupResponse } from '../../../engine/protocol/schemas/11-join-group.ts';
import {
  consumerProtocolAssignment,
  consumerProtocolSubscription,
} from '../../../engine/protocol/schemas/records/consumer-protocol.ts';
import type { TopicPlan } from '../options.ts';
import { apiErrorName, errorCode } from './errors.ts';
import type { History } from './history.ts';
import type { KafkaClient } from './kafka-client.ts';
import { Reader } from './reader.ts';

export interface GroupMemberOptions {
  readonly group: string;
  readonly topics: readonly TopicPlan[];
}

const sessionTimeoutMs = 3_000;
const rebalanceTimeoutMs = 4_000;
const heartbeatMs = 500;
/** The two bytes of a version before what consumers put into the group protocol. */
const versionBytes = 2;

interface Membership {
  readonly memberId: string;
  readonly generation: number;
}

/** A consumer in a group: joins, takes its partitions, reads, commits, beats, and joins again when it must. */
export class GroupMember {
  readonly client: KafkaClient;
  /** Newest committed offset that this member knows of, by partition. */
  readonly committed = new Map<string, number>();
  readonly #options: GroupMemberOptions;
  readonly #history: History;
  readonly #reader: Reader;
  #coordinator = -1;
  #memberId = '';

  constructor(client: KafkaClient, history: History, options: GroupMemberOptions) {
    this.client = client;
    this.#history = history;
    this.#options = options;
    this.#reader = new Reader(client);
  }

  start(): void {
    void this.#run();
  }

  async #run(): Promise<void> {
    const { client } = this;
    while (!client.isStopped) {
      const membership = (await this.#find()) ? await this.#join() : undefined;
      if (membership) await this.#live(membership.membership, membership.keys);
      await client.sleep(30 + client.random.next() * 100);
    }
  }

  async #find(): Promise<boolean> {
    if (this.#coordinator !== -1) return true;
    const request = { key: this.#options.group, keyType: 0, coordinatorKeys: [this.#options.group] };
    const reply = await this.client.ask(this.client.anyBroker(), apis.findCoordinator, request);
    const row = reply?.coordinators[0];
    if (row?.errorCode === errorCode.NONE) this.#coordinator = row.nodeId;
    else await this.client.sleep(100);
    return this.#coordinator !== -1;
  }

  /** What a refusal means for the membership: forget the member id, look for another coordinator, or only join again. */
  #refused(what: string, code: number | undefined): void {
    this.client.trace(`${what}: ${code === undefined ? 'no answer' : apiErrorName(code)}`);
    if (code === errorCode.UNKNOWN_MEMBER_ID) this.#memberId = '';
    if (
      code === undefined ||
      code === errorCode.NOT_COORDINATOR ||
      code === errorCode.COORDINATOR_NOT_AVAILABLE ||
      code === errorCode.REQUEST_TIMED_OUT
    )
      this.#coordinator = -1;
  }

  async #join(): Promise<{ membership: Membership; keys: string[] } | undefined> {
    const { group, topics } = this.#options;
    const subscription = encodeToBuffer(consumerProtocolSubscription, 1, { topics: topics.map(({ name }) => name) });
    const metadata = Buffer.concat([Buffer.from([0, 1]), subscription]);
    const reply = await this.client.ask(
      this.#coordinator,
      apis.joinGroup,
      {
        groupId: group,
        sessionTimeoutMs,
        rebalanceTimeoutMs,
        memberId: this.#memberId,
        protocolType: 'consumer',
        protocols: [{ name: 'range', metadata }],
      },
      { lane: 'group', timeoutMs: rebalanceTimeoutMs + 2_000 },
    );
    if (reply?.errorCode === errorCode.MEMBER_ID_REQUIRED) {
      this.#memberId = reply.memberId;
      return undefined;
    }
    if (!reply || reply.errorCode !== errorCode.NONE) {
      this.#refused('join', reply?.errorCode);
      return undefined;
    }
    this.#memberId = reply.memberId;
    return this.#sync(reply);
  }

  async #sync(joined: JoinGroupResponse): Promise<{ membership: Membership; keys: string[] } | undefined> {
    const { group } = this.#options;
    const isLeader = joined.leader === joined.memberId;
    const reply = await this.client.ask(
      this.#coordinator,
      apis.syncGroup,
      {
        groupId: group,
        generationId: joined.generationId,
        memberId: joined.memberId,
        protocolType: 'consumer',
        protocolName: 'range',
        assignments: isLeader ? this.#assign(joined.members.map(({ memberId }) => memberId)) : [],
      },
      { lane: 'group', timeoutMs: rebalanceTimeoutMs + 2_000 },
    );
    if (reply?.errorCode !== errorCode.NONE) {
      this.#refused('sync', reply?.errorCode);
      return undefined;
    }
    const { assignedPartitions } =
      reply.assignment.length > versionBytes
        ? decode(consumerProtocolAssignment, 1, reply.assignment, versionBytes)
        : { assignedPartitions: [] };
    const keys = assignedPartitions.flatMap(({ topic, partitions }) => partitions.map((index) => `${topic}-${index}`));
    const membership = { memberId: joined.memberId, generation: joined.generationId };
    this.#history.assignments.push({
      group,
      generation: membership.generation,
      member: membership.memberId,
      partitions: keys,
    });
    this.client.trace(`generation ${membership.generation} assigns ${keys.join(' ') || 'nothing'}`);
    return { membership, keys };
  }

  #assign(memberIds: readonly string[]) {
    const all = this.#options.topics.flatMap(({ name, partitions }) =>
      Array.from({ length: partitions }, (_, partition) => ({ topic: name, partition })),
    );
    return memberIds.toSorted().map((memberId, place, sorted) => {
      const mine = Map.groupBy(
        all.filter((_, index) => index % sorted.length === place),
        ({ topic }) => topic,
      );
      const assignedPartitions = [...mine].map(([topic, rows]) => ({
        topic,
        partitions: rows.map(({ partition }) => partition),
      }));
      const body = encodeToBuffer(consumerProtocolAssignment, 1, { assignedPartitions });
      return { memberId, assignment: Buffer.concat([Buffer.from([0, 1]), body]) };
    });
  }

  /** Works as a member until the group rebalances or the coordinator is lost. */
  async #live(membership: Membership, keys: readonly string[]): Promise<void> {
    const { client } = this;
    const positions = await this.#fetchOffsets(keys);
    if (!positions) return;
    let isOver = false;
    void this.#beat(membership, () => isOver).then(() => {
      isOver = true;
    });
    while (!isOver && !client.isStopped) {
      let isIdle = true;
      for (const key of keys) {
        const outcome = await this.#poll(key, positions.get(key) ?? 0);
        if (isOver) break;
        if (!outcome || outcome.records.length === 0) continue;
        isIdle = false;
        this.#history.polls.push(...outcome.records);
        positions.set(key, outcome.nextOffset);
        if (!(await this.#commit(membership, key, outcome.nextOffset))) isOver = true;
      }
      if (isIdle) await client.sleep(100);
    }
    isOver = true;
  }

  async #poll(key: string, offset: number) {
    const [topic, partition] = splitKey(key);
    await this.client.refreshIfOld(topic);
    const outcome = await this.#reader.fetch(topic, partition, offset);
    if (!outcome) await this.client.refresh(topic);
    return outcome;
  }

  async #beat({ memberId, generation }: Membership, isOver: () => boolean): Promise<void> {
    while (!isOver() && !this.client.isStopped) {
      await this.client.sleep(heartbeatMs);
      if (isOver()) return;
      const request = { groupId: this.#options.group, generationId: generation, memberId };
      const reply = await this.client.ask(this.#coordinator, apis.heartbeat, request, {
        lane: 'beat',
        timeoutMs: 2_000,
      });
      if (reply?.errorCode === errorCode.NONE) continue;
      this.#refused('heartbeat', reply?.errorCode);
      return;
    }
  }

  async #commit({ memberId, generation }: Membership, key: string, offset: number): Promise<boolean> {
    const { group } = this.#options;
    const [name, partitionIndex] = splitKey(key);
    const reply = await this.client.ask(
      this.#coordinator,
      apis.offsetCommit,
      {
        groupId: group,
        generationIdOrMemberEpoch: generation,
        memberId,
        topics: [{ name, partitions: [{ partitionIndex, committedOffset: offset, committedMetadata: null }] }],
      },
      { version: 8 },
    );
    const code = reply?.topics[0]?.partitions[0]?.errorCode;
    if (code !== errorCode.NONE) {
      this.#refused(`commit ${key} ${offset}`, code);
      return false;
    }
    this.committed.set(key, offset);
    this.#history.commits.push({ group, member: memberId, generation, key, offset, ackedAtMs: this.client.nowMs });
    return true;
  }

  async #fetchOffsets(keys: readonly string[]): Promise<Map<string, number> | undefined> {
    const { group } = this.#options;
    const askedAtMs = this.client.nowMs;
    const asked = this.#coordinator;
    const byTopic = Map.groupBy(keys, (key) => splitKey(key)[0]);
    const topics = [...byTopic].map(([name, rows]) => ({
      name,
      partitionIndexes: rows.map((key) => splitKey(key)[1]),
    }));
    const reply = await this.client.ask(
      asked,
      apis.offsetFetch,
      { groups: [{ groupId: group, topics }], requireStable: true },
      { version: 8 },
    );
    const answer = reply?.groups[0];
    if (!answer || answer.errorCode !== errorCode.NONE) {
      this.#refused('offsets', answer?.errorCode);
      return undefined;
    }
    const isFormer = this.client.world.coordinatorOf(group) !== asked;
    const positions = new Map<string, number>();
    for (const { name, partitions } of answer.topics)
      for (const { partitionIndex, committedOffset, errorCode: code } of partitions) {
        if (code !== errorCode.NONE) return undefined;
        const key = `${name}-${partitionIndex}`;
        const offset = Number(committedOffset);
        positions.set(key, Math.max(offset, 0));
        // A commit may count although its answer was lost or a refusal.
        this.committed.set(key, offset);
        this.#history.offsetsSeen.push({ group, key, offset, askedAtMs, isFormer });
      }
    return positions;
  }
}

function splitKey(key: string): [string, number] {
  const at = key.lastIndexOf('-');
  return [key.slice(0, at), Number(key.slice(at + 1))];
}
