import { describe, expect, it } from 'vitest';
import { errorName } from '../../../protocol/error-codes.ts';
import { planFenceBroker } from '../brokers/fence-broker.ts';
import { planUnregisterBroker } from '../brokers/unregister-broker.ts';
import { newFeatureLevel } from '../new-record.ts';
import type { TestController } from '../testing/controller-fixture.ts';
import { clusterWithTopic, tellInSync } from '../testing/with-topic.ts';
import { planElectLeaders } from './elect-leaders.ts';

const preferred = 0;
const unclean = 1;

function elect(controller: TestController, electionType: number, topic = 't', partition = 0): string | undefined {
  const topicPartitions = [{ topic, partitions: [partition] }];
  const reply = controller.run(planElectLeaders(controller.view, { electionType, topicPartitions, timeoutMs: 1 }));
  return errorName(reply.replicaElectionResults[0]?.partitionResult[0]?.errorCode ?? reply.errorCode ?? -1);
}

function fence(controller: TestController, ...ids: number[]): void {
  for (const id of ids) controller.run(planFenceBroker(controller.view, id));
}

/** Turns eligible leader replicas on, as new clusters have them. */
function withElr(controller: TestController): TestController {
  controller.run({ records: [newFeatureLevel('eligible.leader.replicas.version', 1)], reply: undefined });
  return controller;
}

describe('ElectLeaders', () => {
  it('gives the lead to the preferred replica once it is in sync', () => {
    const controller = clusterWithTopic([1, 2]);
    expect(elect(controller, preferred)).toBe('ELECTION_NOT_NEEDED');
    fence(controller, 1);
    expect(elect(controller, preferred)).toBe('PREFERRED_LEADER_NOT_AVAILABLE');
    controller.heartbeat(1);
    expect(elect(controller, preferred)).toBe('PREFERRED_LEADER_NOT_AVAILABLE');
    tellInSync(controller, [2, 1]);
    expect(elect(controller, preferred)).toBe('NONE');
    expect(controller.partition('t')).toMatchObject({ leader: 1 });
  });

  it('elects a replica that lacks records only for a partition without a leader', () => {
    const controller = withElr(clusterWithTopic([1, 2]));
    expect(elect(controller, unclean)).toBe('ELECTION_NOT_NEEDED');
    fence(controller, 2, 1);
    expect(elect(controller, unclean)).toBe('ELIGIBLE_LEADERS_NOT_AVAILABLE');
    controller.heartbeat(2);
    expect(controller.partition('t')).toMatchObject({ leader: -1, elr: [1] });
    expect(elect(controller, unclean)).toBe('NONE');
    expect(controller.partition('t')).toMatchObject({ leader: 2, isr: [2], elr: [], isRecovering: true });
  });

  it('answers for every partition that has to move where none is named', () => {
    const controller = clusterWithTopic([1, 2]);
    const all = { electionType: preferred, topicPartitions: null, timeoutMs: 1 };
    expect(planElectLeaders(controller.view, all).reply.replicaElectionResults).toEqual([
      { topic: 't', partitionResult: [] },
    ]);
  });

  it('refuses what it does not know', () => {
    const controller = clusterWithTopic([1, 2]);
    expect(elect(controller, preferred, 'no')).toBe('UNKNOWN_TOPIC_OR_PARTITION');
    expect(elect(controller, preferred, 't', 3)).toBe('UNKNOWN_TOPIC_OR_PARTITION');
    expect(elect(controller, 7)).toBe('INVALID_REQUEST');
  });
});

describe('without eligible leader replicas', () => {
  it('the last in-sync replica stays in the set without a leader, and leads again when it is back', () => {
    const controller = clusterWithTopic([1, 2], { minIsr: 2 });
    fence(controller, 2, 1);
    expect(controller.partition('t')).toMatchObject({ leader: -1, isr: [1], elr: [], lastKnownElr: [] });
    controller.heartbeat(2);
    expect(controller.partition('t').leader).toBe(-1);
    controller.heartbeat(1);
    expect(controller.partition('t')).toMatchObject({ leader: 1, isr: [1], isRecovering: false });
  });
});

describe('a broker that is unregistered', () => {
  it('leads nothing, is in no set, and is no broker any more', () => {
    const controller = withElr(clusterWithTopic([1, 2, 3], { minIsr: 3 }));
    fence(controller, 3);
    expect(controller.partition('t')).toMatchObject({ isr: [1, 2], elr: [3] });
    controller.run(planUnregisterBroker(controller.view, { brokerId: 3 }));
    controller.run(planUnregisterBroker(controller.view, { brokerId: 1 }));
    expect(controller.partition('t')).toMatchObject({ leader: 2, isr: [2], elr: [], replicas: [1, 2, 3] });
    expect([...controller.image.brokers.keys()]).toEqual([2]);
  });

  it('is refused where nobody is', () => {
    const controller = clusterWithTopic([1]);
    const { errorCode } = controller.run(planUnregisterBroker(controller.view, { brokerId: 77 }));
    expect(errorName(errorCode)).toBe('BROKER_ID_NOT_REGISTERED');
  });
});
