import { describe, expect, it } from 'vitest';
import { errorName } from '../../../protocol/error-codes.ts';
import { planFenceBroker } from '../brokers/fence-broker.ts';
import { ImageDelta } from '../image-delta.ts';
import { imageRecords } from '../image-records.ts';
import { MetadataImage } from '../metadata-image.ts';
import { newFeatureLevel } from '../new-record.ts';
import { TestController } from '../testing/controller-fixture.ts';
import { planCreateTopics } from '../topics/create-topics.ts';
import { planAlterPartition } from './alter-partition.ts';
import { planBalanceLeaders } from './balance-leaders.ts';

function withTopic(minIsr: number, brokerIds = [1, 2, 3]): TestController {
  const controller = new TestController({ minInsyncReplicas: minIsr }).start(...brokerIds);
  const topics = [
    {
      name: 't',
      numPartitions: -1,
      replicationFactor: -1,
      assignments: [{ partitionIndex: 0, brokerIds }],
      configs: [],
    },
  ];
  controller.run({ records: [newFeatureLevel('eligible.leader.replicas.version', 1)], reply: undefined });
  controller.run(planCreateTopics(controller.view, { topics, timeoutMs: 1, validateOnly: false }));
  return controller;
}

function fence(controller: TestController, ...ids: number[]): void {
  for (const id of ids) controller.run(planFenceBroker(controller.view, id));
}

function alter(
  controller: TestController,
  isr: readonly (number | [number, number])[],
  overrides: { brokerId?: number; leaderEpoch?: number; partitionEpoch?: number; brokerEpoch?: number } = {},
) {
  const partition = controller.partition('t');
  const brokerId = overrides.brokerId ?? partition.leader;
  const newIsrWithEpochs = isr.map((member) => {
    const [id, epoch] =
      typeof member === 'number' ? [member, controller.image.brokers.get(member)?.epoch ?? -1] : member;
    return { brokerId: id, brokerEpoch: epoch };
  });
  const reply = controller.run(
    planAlterPartition(controller.view, {
      brokerId,
      brokerEpoch: overrides.brokerEpoch ?? controller.image.brokers.get(brokerId)!.epoch,
      topics: [
        {
          topicId: controller.image.topics.get('t')!.id,
          partitions: [
            {
              partitionIndex: 0,
              leaderEpoch: overrides.leaderEpoch ?? partition.leaderEpoch,
              partitionEpoch: overrides.partitionEpoch ?? partition.partitionEpoch,
              newIsr: [],
              newIsrWithEpochs,
              leaderRecoveryState: 0,
            },
          ],
        },
      ],
    }),
  );
  return errorName(reply.topics[0]?.partitions[0]?.errorCode ?? reply.errorCode);
}

describe('fencing and return', () => {
  it('moves the leader to the next in-sync replica and begins a new leader epoch', () => {
    const controller = withTopic(1);
    fence(controller, 1);
    expect(controller.partition('t')).toMatchObject({ leader: 2, isr: [2, 3], leaderEpoch: 1, partitionEpoch: 1 });
    fence(controller, 3);
    expect(controller.partition('t')).toMatchObject({ leader: 2, isr: [2], leaderEpoch: 1, partitionEpoch: 2 });
  });

  it('keeps members that leave below the minimum eligible, and elects from them (KIP-966)', () => {
    const controller = withTopic(2);
    fence(controller, 1, 2);
    expect(controller.partition('t')).toMatchObject({ leader: 3, isr: [3], elr: [2] });
    fence(controller, 3);
    expect(controller.partition('t')).toMatchObject({ leader: -1, isr: [], elr: [2, 3], lastKnownElr: [3] });
    controller.heartbeat(1);
    expect(controller.partition('t').leader).toBe(-1);
    controller.heartbeat(2);
    expect(controller.partition('t')).toMatchObject({ leader: 2, isr: [2], elr: [3], lastKnownElr: [] });
    controller.heartbeat(3);
    expect(alter(controller, [2, 3])).toBe('NONE');
    expect(controller.partition('t')).toMatchObject({ isr: [2, 3], elr: [] });
  });

  it('takes a broker that restarted uncleanly out of the eligible ones, and falls back to the last leader', () => {
    const controller = withTopic(2);
    fence(controller, 1, 2, 3);
    controller.register(2, { incarnation: 2 });
    expect(controller.partition('t')).toMatchObject({ elr: [3], leader: -1 });
    controller.heartbeat(2);
    expect(controller.partition('t').leader).toBe(-1);
    controller.register(3, { incarnation: 2 });
    expect(controller.partition('t')).toMatchObject({ isr: [], elr: [], lastKnownElr: [3] });
    controller.heartbeat(3);
    expect(controller.partition('t')).toMatchObject({ leader: 3, isr: [3], isRecovering: true });
    expect(alter(controller, [3])).toBe('NONE');
    expect(controller.partition('t').isRecovering).toBe(false);
  });

  it('keeps a cleanly restarted broker eligible', () => {
    const controller = withTopic(1, [1]);
    const { epoch } = controller.image.brokers.get(1)!;
    controller.heartbeat(1, { wantShutDown: true });
    expect(controller.partition('t')).toMatchObject({ leader: -1, elr: [1] });
    controller.register(1, { incarnation: 2, previousBrokerEpoch: epoch });
    controller.heartbeat(1);
    expect(controller.partition('t')).toMatchObject({ leader: 1, isr: [1], isRecovering: false });
  });

  it('gives partitions back to their preferred leader once it is in sync', () => {
    const controller = withTopic(1);
    fence(controller, 1);
    controller.heartbeat(1);
    controller.run(planBalanceLeaders(controller.view));
    expect(controller.partition('t').leader).toBe(2);
    expect(alter(controller, [1, 2, 3])).toBe('NONE');
    controller.run(planBalanceLeaders(controller.view));
    expect(controller.partition('t')).toMatchObject({ leader: 1, leaderEpoch: 2 });
  });
});

describe('AlterPartition', () => {
  it('shrinks and grows the in-sync set without a new leader epoch', () => {
    const controller = withTopic(1);
    expect(alter(controller, [1, 2])).toBe('NONE');
    expect(alter(controller, [1, 2, 3])).toBe('NONE');
    expect(controller.partition('t')).toMatchObject({ isr: [1, 2, 3], leaderEpoch: 0, partitionEpoch: 2 });
  });

  it('refuses what is out of date', () => {
    const controller = withTopic(1);
    expect(alter(controller, [1], { brokerEpoch: 99 })).toBe('STALE_BROKER_EPOCH');
    expect(alter(controller, [1], { brokerId: 2 })).toBe('INVALID_REQUEST');
    expect(alter(controller, [1], { leaderEpoch: 7 })).toBe('NOT_CONTROLLER');
    alter(controller, [1, 2]);
    expect(alter(controller, [1], { partitionEpoch: 0 })).toBe('INVALID_UPDATE_VERSION');
    fence(controller, 1);
    expect(alter(controller, [2, 3], { leaderEpoch: 0 })).toBe('FENCED_LEADER_EPOCH');
  });

  it('refuses members that are fenced, strangers, or of an earlier start (KIP-841, KIP-903)', () => {
    const controller = withTopic(1);
    fence(controller, 3);
    expect(alter(controller, [1, 2, 3])).toBe('INELIGIBLE_REPLICA');
    expect(alter(controller, [1, [2, 0]])).toBe('INELIGIBLE_REPLICA');
    expect(alter(controller, [1, 9])).toBe('INVALID_REQUEST');
    expect(alter(controller, [2])).toBe('INVALID_REQUEST');
  });
});

describe('brokers', () => {
  it('are stopped only after their leaderships have moved', () => {
    const controller = withTopic(1);
    expect(controller.heartbeat(1, { wantShutDown: true }).shouldShutDown).toBe(false);
    expect(controller.partition('t')).toMatchObject({ leader: 2, isr: [2, 3] });
    expect(controller.heartbeat(1, { wantShutDown: true })).toMatchObject({ shouldShutDown: true });
    expect(controller.image.brokers.get(1)?.fenced).toBe(true);
  });

  it('keep their epoch on a repeated registration and get a new one on a new start', () => {
    const controller = new TestController().start(1);
    const { epoch } = controller.image.brokers.get(1)!;
    expect(controller.register(1).brokerEpoch).toBe(epoch);
    expect(controller.register(1, { incarnation: 2 }).brokerEpoch).toBe(controller.image.offset);
    expect(controller.image.brokers.get(1)).toMatchObject({ fenced: true });
  });
});

it('an image made from its own records is the same image', () => {
  const controller = withTopic(2);
  fence(controller, 1, 2);
  const delta = new ImageDelta(MetadataImage.empty('test-cluster'));
  for (const record of imageRecords(controller.image)) delta.apply(record);
  expect(delta.build(controller.image.offset, 1)).toEqual(controller.image);
});
