import { apis } from '../../../engine/protocol/api-keys.ts';
import type { ConsumerGroupHeartbeatResponse } from '../../../engine/protocol/schemas/68-consumer-group-heartbeat.ts';
import { uuidFromRandom } from '../../../engine/protocol/uuid.ts';
import type { TopicPlan } from '../options.ts';
import { apiErrorName, errorCode } from './errors.ts';
import type { History } from './history.ts';
import { partitionName } from './history.ts';
import type { KafkaClient } from './kafka-client.ts';
import type { PartitionOwners } from './partition-owners.ts';
import { Reader } from './reader.ts';

export interface ConsumerMemberOptions {
  readonly group: string;
  readonly topics: readonly TopicPlan[];
  /** group.consumer.session.timeout.ms of the brokers: after this long without an answer a member takes itself for lost. */
  readonly sessionTimeoutMs: number;
}

const heartbeatMs = 400;
/** Longer than what is under way may take: who lets go later is taken out, and reads beside its successor until it hears of it. */
const rebalanceTimeoutMs = 20_000;
/** Mean length of a membership while members come and go. */
const lifeMsMean = 6_000;

/** A partition that a member has, for as long as it has it. */
interface Tenure {
  readonly key: string;
  readonly topicId: string;
  readonly topic: string;
  readonly partition: number;
  position: number | undefined;
  /** It is being given up: nothing new is begun with it. */
  isEnding: boolean;
}

/**
 * A consumer of the consumer protocol (KIP-848): beats, takes and gives up what it is told, reads and commits, leaves and comes back.
 * It says to the board of owners when it begins and ends to own a partition.
 */
export class ConsumerGroupMember {
  /** While true, memberships end and new ones begin; afterwards the last one goes on. */
  isOpen = true;
  readonly client: KafkaClient;
  /** Newest committed offset that this member knows of, by partition. */
  readonly committed = new Map<string, number>();
  readonly #history: History;
  readonly #owners: PartitionOwners;
  readonly #options: ConsumerMemberOptions;
  readonly #reader: Reader;
  readonly #tenures = new Map<string, Tenure>();
  /** The partition that is read or committed at this moment. */
  #busyWith: Tenure | undefined;
  #coordinator = -1;
  #memberId = '';
  #epoch = 0;
  #heardOfAtMs = Number.NEGATIVE_INFINITY;
  #saysAll = true;
  #leavesAtMs = Number.POSITIVE_INFINITY;

  constructor(client: KafkaClient, history: History, owners: PartitionOwners, options: ConsumerMemberOptions) {
    this.client = client;
    this.#history = history;
    this.#owners = owners;
    this.#options = options;
    this.#reader = new Reader(client);
  }

  start(): void {
    void this.#beats();
    void this.#polls();
  }

  async #beats(): Promise<void> {
    const { client } = this;
    while (!client.isStopped) {
      if (this.#epoch === 0) this.#memberId = uuidFromRandom(client.random.bytes(16));
      if (await this.#find()) await this.#beat();
      if (this.isOpen && this.#epoch > 0 && client.nowMs > this.#leavesAtMs) await this.#leave();
      await client.sleep(this.#saysAll && this.#epoch > 0 ? 20 : heartbeatMs);
    }
  }

  async #find(): Promise<boolean> {
    if (this.#coordinator !== -1) return true;
    const request = { key: this.#options.group, keyType: 0, coordinatorKeys: [this.#options.group] };
    const reply = await this.client.ask(this.client.anyBroker(), apis.findCoordinator, request);
    const row = reply?.coordinators[0];
    if (row?.errorCode === errorCode.NONE) this.#coordinator = row.nodeId;
    return this.#coordinator !== -1;
  }

  async #beat(): Promise<void> {
    const { group, topics } = this.#options;
    const sentAtMs = this.client.nowMs;
    const memberId = this.#memberId;
    const isJoin = this.#epoch === 0;
    const saysAll = this.#saysAll || isJoin;
    const owned = Map.groupBy(this.#tenures.values(), ({ topicId }) => topicId);
    const topicPartitions = [...owned].map(([topicId, rows]) => ({
      topicId,
      partitions: rows.map(({ partition }) => partition),
    }));
    const body = {
      groupId: group,
      memberId,
      memberEpoch: this.#epoch,
      ...(saysAll ? { rebalanceTimeoutMs, subscribedTopicNames: topics.map(({ name }) => name), topicPartitions } : {}),
    };
    this.#saysAll = false;
    const lane = { lane: 'beat', timeoutMs: 1_500 };
    const reply = await this.client.ask(this.#coordinator, apis.consumerGroupHeartbeat, body, lane);
    if (memberId !== this.#memberId) return;
    if (reply?.errorCode === errorCode.NONE) await this.#take(reply, sentAtMs, isJoin);
    else this.#refused(reply?.errorCode);
  }

  #refused(code: number | undefined): void {
    this.client.trace(`consumer heartbeat: ${code === undefined ? 'no answer' : apiErrorName(code)}`);
    this.#saysAll = true;
    const isLost = code === errorCode.UNKNOWN_MEMBER_ID || code === errorCode.FENCED_MEMBER_EPOCH;
    if (isLost || code === errorCode.GROUP_ID_NOT_FOUND) this.#lose();
    else this.#coordinator = -1;
  }

  async #take(answer: ConsumerGroupHeartbeatResponse, sentAtMs: number, isJoin: boolean): Promise<void> {
    this.#epoch = answer.memberEpoch;
    this.#heardOfAtMs = sentAtMs;
    if (isJoin) this.#leavesAtMs = this.client.nowMs + lifeMsMean * 2 * this.client.random.next();
    this.#watch();
    if (!answer.assignment) return;
    const wanted = new Map<string, Tenure>();
    for (const { topicId, partitions } of answer.assignment.topicPartitions) {
      const topic = this.#nameOf(topicId);
      // Not known yet: all is said again, and so told again.
      if (topic === undefined) this.#saysAll = true;
      else
        for (const partition of partitions) {
          const key = partitionName(topic, partition);
          wanted.set(key, { key, topicId, topic, partition, position: undefined, isEnding: false });
        }
    }
    await this.#giveUp([...this.#tenures.keys()].filter((key) => !wanted.has(key)));
    for (const [key, tenure] of wanted) {
      if (this.#tenures.has(key)) continue;
      this.#tenures.set(key, tenure);
      this.#owners.take(key, this.#memberId);
      this.#saysAll = true;
    }
    const partitions = [...this.#tenures.keys()];
    this.client.trace(`epoch ${this.#epoch} owns ${partitions.join(' ') || 'nothing'}`);
  }

  #nameOf(topicId: string): string | undefined {
    for (const { name } of this.#options.topics) {
      if (this.client.topics.get(name)?.id === topicId) return name;
      void this.client.refresh(name);
    }
    return undefined;
  }

  /** What is read or committed now is brought to its end first. */
  async #giveUp(keys: readonly string[]): Promise<void> {
    const memberId = this.#memberId;
    const left = keys.flatMap((key) => this.#tenures.get(key) ?? []);
    if (left.length === 0) return;
    for (const tenure of left) tenure.isEnding = true;
    while (this.#busyWith && left.includes(this.#busyWith) && this.#memberId === memberId) await this.client.sleep(10);
    if (this.#memberId !== memberId) return;
    for (const { key } of left) {
      this.#tenures.delete(key);
      this.#owners.release(key, memberId);
    }
    this.#saysAll = true;
  }

  /** Without an answer for a session the coordinator has given this member up. */
  #watch(): void {
    const { sessionTimeoutMs } = this.#options;
    const heardOfAtMs = this.#heardOfAtMs;
    this.client.host.clock.after(heardOfAtMs + sessionTimeoutMs - this.client.nowMs, () => {
      if (this.#heardOfAtMs === heardOfAtMs && this.#epoch > 0) this.#lose();
    });
  }

  #lose(): void {
    for (const key of this.#tenures.keys()) this.#owners.release(key, this.#memberId);
    this.#tenures.clear();
    this.#epoch = 0;
    this.#saysAll = true;
    this.#memberId = uuidFromRandom(this.client.random.bytes(16));
  }

  async #leave(): Promise<void> {
    const memberId = this.#memberId;
    await this.#giveUp([...this.#tenures.keys()]);
    if (this.#memberId !== memberId) return;
    const body = { groupId: this.#options.group, memberId, memberEpoch: -1 };
    this.#lose();
    await this.client.ask(this.#coordinator, apis.consumerGroupHeartbeat, body, { lane: 'beat', timeoutMs: 1_500 });
    await this.client.sleep(this.client.below(1_500));
  }

  async #polls(): Promise<void> {
    const { client } = this;
    while (!client.isStopped) {
      let isIdle = true;
      for (const tenure of [...this.#tenures.values()]) {
        if (this.#tenures.get(tenure.key) !== tenure || tenure.isEnding) continue;
        this.#busyWith = tenure;
        if (await this.#step(tenure)) isIdle = false;
        this.#busyWith = undefined;
      }
      if (isIdle) await client.sleep(100);
    }
  }

  /** Reads on, and commits what was read; whether there was anything. */
  async #step(tenure: Tenure): Promise<boolean> {
    const { client } = this;
    const { topic, partition } = tenure;
    tenure.position ??= await this.#fetchOffset(tenure);
    if (tenure.position === undefined) return false;
    await client.refreshIfOld(topic);
    const outcome = await this.#reader.fetch(topic, partition, tenure.position);
    if (!outcome) await client.refresh(topic);
    if (!outcome || outcome.records.length === 0 || this.#tenures.get(tenure.key) !== tenure) return false;
    this.#history.polls.push(...outcome.records);
    if (await this.#commit(tenure, outcome.nextOffset)) tenure.position = outcome.nextOffset;
    return true;
  }

  async #fetchOffset({ key, topic, partition }: Tenure): Promise<number | undefined> {
    const { group } = this.#options;
    const [askedAtMs, asked, memberId] = [this.client.nowMs, this.#coordinator, this.#memberId];
    const topics = [{ name: topic, partitionIndexes: [partition] }];
    const groups = [{ groupId: group, memberId, memberEpoch: this.#epoch, topics }];
    const reply = await this.client.ask(asked, apis.offsetFetch, { groups, requireStable: true }, { version: 9 });
    const answer = reply?.groups[0];
    const row = answer?.topics[0]?.partitions[0];
    if (answer?.errorCode !== errorCode.NONE || row?.errorCode !== errorCode.NONE) return undefined;
    const offset = Number(row.committedOffset);
    this.committed.set(key, offset);
    const isFormer = this.client.world.coordinatorOf(group) !== asked;
    this.#history.offsetsSeen.push({ group, key, offset, askedAtMs, isFormer });
    return Math.max(offset, 0);
  }

  async #commit({ key, topic, partition }: Tenure, offset: number): Promise<boolean> {
    const { group } = this.#options;
    const [member, generation] = [this.#memberId, this.#epoch];
    const partitions = [{ partitionIndex: partition, committedOffset: offset, committedMetadata: null }];
    const body = {
      groupId: group,
      generationIdOrMemberEpoch: generation,
      memberId: member,
      topics: [{ name: topic, partitions }],
    };
    const reply = await this.client.ask(this.#coordinator, apis.offsetCommit, body, { version: 9 });
    const code = reply?.topics[0]?.partitions[0]?.errorCode;
    if (code !== errorCode.NONE) {
      this.client.trace(`consumer commit ${key} ${offset}: ${code === undefined ? 'no answer' : apiErrorName(code)}`);
      return false;
    }
    this.committed.set(key, offset);
    this.#history.commits.push({ group, member, generation, key, offset, ackedAtMs: this.client.nowMs });
    return true;
  }
}
