import { silentLog } from '../../../base/log.ts';
import { ManualClock } from '../../../base/testing/manual-clock.ts';
import { SeededRandom } from '../../../base/testing/seeded-random.ts';
import type { ConsumerGroupHeartbeatRequest } from '../../../protocol/schemas/68-consumer-group-heartbeat.ts';
import { MemoryInternalLog } from '../../coordinator/testing/memory-internal-log.ts';
import type { ConsumerGroupLimits } from '../consumer/draft.ts';
import type { GroupTopics } from '../consumer/group-topics.ts';
import type { HeartbeatAnswer } from '../consumer/heartbeat.ts';
import { GroupCoordinator } from '../group-coordinator.ts';
import { testConsumerLimits, testTopicName, topicsOf } from './consumer-limits.ts';

/** A coordinator on a log in memory, with topics and limits that a test may change. */
export interface ConsumerSetup {
  readonly clock: ManualClock;
  readonly offsetsLog: MemoryInternalLog;
  coordinator: GroupCoordinator;
  topics: GroupTopics;
  limits: ConsumerGroupLimits;
  /** Topics that who asks may not know of. */
  readonly hidden: Set<string>;
}

export async function consumerSetUp(counts: Readonly<Record<string, number>> = { t: 6 }): Promise<ConsumerSetup> {
  const setup = {
    clock: new ManualClock(),
    offsetsLog: new MemoryInternalLog(),
    topics: topicsOf(counts),
    limits: testConsumerLimits,
    hidden: new Set<string>(),
  };
  const made: ConsumerSetup = Object.assign(setup, { coordinator: await coordinatorOn(setup) });
  return made;
}

/** Another coordinator that reads the same log, as after a failover. */
export async function coordinatorOn(
  setup: Omit<ConsumerSetup, 'coordinator'> & { coordinator?: GroupCoordinator },
): Promise<GroupCoordinator> {
  const coordinator = new GroupCoordinator({
    clock: setup.clock,
    random: new SeededRandom(7),
    log: silentLog,
    limits: {
      sessionTimeoutMsMin: 1_000,
      sessionTimeoutMsMax: 60_000,
      membersMax: 20,
      initialRebalanceDelayMs: 0,
      metadataBytesMax: 16,
      offsetsRetentionMs: 3_600_000,
      offsetsCheckIntervalMs: 600_000,
    },
    consumerLimits: () => setup.limits,
    topics: () => setup.topics,
    offsetsLog: setup.offsetsLog,
    topicExists: (topic) => setup.topics.topics.has(topic),
    isInTouch: () => true,
  });
  await coordinator.elected(0, 1);
  return coordinator;
}

/** A member that behaves: it has what it was told to have last, and says so. */
export class TestMember {
  readonly memberId: string;
  epoch = 0;
  owned = new Map<string, readonly number[]>();
  readonly #setup: ConsumerSetup;
  readonly #subscription: Partial<ConsumerGroupHeartbeatRequest>;

  constructor(setup: ConsumerSetup, memberId: string, subscription: Partial<ConsumerGroupHeartbeatRequest> = {}) {
    this.#setup = setup;
    this.memberId = memberId;
    this.#subscription = { subscribedTopicNames: ['t'], ...subscription };
  }

  /** Says everything, and takes over what it is told. */
  async beat(more: Partial<ConsumerGroupHeartbeatRequest> = {}): Promise<HeartbeatAnswer> {
    const answer = await this.send({
      rebalanceTimeoutMs: 5_000,
      ...this.#subscription,
      topicPartitions: this.epoch === 0 ? [] : this.#reported,
      ...more,
    });
    if (answer.errorCode !== 0) return answer;
    this.epoch = answer.memberEpoch;
    if (answer.assignment)
      this.owned = new Map(answer.assignment.topicPartitions.map(({ topicId, partitions }) => [topicId, partitions]));
    return answer;
  }

  async send(more: Partial<ConsumerGroupHeartbeatRequest>): Promise<HeartbeatAnswer> {
    const { coordinator, hidden } = this.#setup;
    return coordinator.consumerHeartbeat({
      request: {
        groupId: 'g',
        memberId: this.memberId,
        memberEpoch: this.epoch,
        instanceId: this.#subscription.instanceId ?? null,
        rackId: null,
        rebalanceTimeoutMs: -1,
        subscribedTopicNames: null,
        subscribedTopicRegex: null,
        serverAssignor: null,
        topicPartitions: null,
        ...more,
      },
      apiVersion: 1,
      clientId: 'test',
      clientHost: '/127.0.0.1',
      mayDescribe: (topic) => !hidden.has(topic),
    });
  }

  get partitions(): string[] {
    return [...this.owned].flatMap(([id, partitions]) =>
      partitions.map((partition) => `${testTopicName(id)}-${partition}`),
    );
  }

  get #reported() {
    return [...this.owned].map(([topicId, partitions]) => ({ topicId, partitions: [...partitions] }));
  }
}

/** Beats of all members until nothing changes any more. */
export async function settle(...members: readonly TestMember[]): Promise<void> {
  let before = '';
  for (let round = 0; round < 20; round++) {
    for (const member of members) await member.beat();
    const now = JSON.stringify(members.map(({ epoch, partitions }) => [epoch, partitions]));
    if (now === before) return;
    before = now;
  }
  throw new Error('expected the group to settle within 20 rounds of heartbeats, found that it does not');
}
