import { describe, expect, it } from 'vitest';
import { errorName } from '../../../protocol/error-codes.ts';
import { planFenceBroker } from '../brokers/fence-broker.ts';
import { newConfig } from '../new-record.ts';
import type { TestController } from '../testing/controller-fixture.ts';
import { clusterWithTopic, tellInSync } from '../testing/with-topic.ts';
import { planAlterReassignments } from './alter-reassignments.ts';
import { listReassignments } from './list-reassignments.ts';

function cluster(replicas: readonly number[]): TestController {
  return clusterWithTopic(replicas, { brokers: [1, 2, 3, 4, 5] });
}

function move(
  controller: TestController,
  replicas: number[] | null,
  options: { topic?: string; partition?: number; mayChangeFactor?: boolean } = {},
) {
  const { topic = 't', partition = 0, mayChangeFactor = true } = options;
  const topics = [{ name: topic, partitions: [{ partitionIndex: partition, replicas }] }];
  const request = { timeoutMs: 1, allowReplicationFactorChange: mayChangeFactor, topics };
  const reply = controller.run(planAlterReassignments(controller.view, request));
  return errorName(reply.responses[0]!.partitions[0]!.errorCode);
}

function listed(controller: TestController) {
  return listReassignments(controller.image, { timeoutMs: 1, topics: null }).topics;
}

const atRest = { addingReplicas: [], removingReplicas: [] };

describe('a reassignment', () => {
  it('lets the new replicas join first, and the old ones go once the new are in sync', () => {
    const controller = cluster([1, 2]);
    expect(move(controller, [3, 4])).toBe('NONE');
    const moving = { addingReplicas: [3, 4], removingReplicas: [1, 2] };
    expect(controller.partition('t')).toMatchObject({ replicas: [3, 4, 1, 2], isr: [1, 2], leader: 1, ...moving });
    expect(listed(controller)).toEqual([
      { name: 't', partitions: [{ partitionIndex: 0, replicas: [3, 4, 1, 2], ...moving }] },
    ]);
    expect(tellInSync(controller, [1, 2, 3]).errorCode).toBe(0);
    expect(controller.partition('t')).toMatchObject(moving);
    expect(errorName(tellInSync(controller, [1, 2, 3, 4]).errorCode)).toBe('NEW_LEADER_ELECTED');
    expect(controller.partition('t')).toMatchObject({ replicas: [3, 4], isr: [3, 4], leader: 3, ...atRest });
    expect(listed(controller)).toEqual([]);
  });

  it('begins a new leader epoch when a replica goes, so that it is not heard any more', () => {
    const controller = cluster([1, 2]);
    move(controller, [1, 3]);
    const { leaderEpoch } = controller.partition('t');
    expect(tellInSync(controller, [1, 2, 3])).toMatchObject({ errorCode: 0, leaderId: 1, isr: [1, 3] });
    expect(controller.partition('t')).toMatchObject({ leader: 1, leaderEpoch: leaderEpoch + 1, replicas: [1, 3] });
  });

  it('that only changes the order is done at once and keeps the leader', () => {
    const controller = cluster([1, 2, 3]);
    expect(move(controller, [3, 2, 1])).toBe('NONE');
    expect(controller.partition('t')).toMatchObject({ replicas: [3, 2, 1], leader: 1, leaderEpoch: 0, ...atRest });
  });

  it('that only takes replicas away is done at once where those that stay are in sync', () => {
    const controller = cluster([1, 2, 3]);
    expect(move(controller, [2, 3])).toBe('NONE');
    expect(controller.partition('t')).toMatchObject({ replicas: [2, 3], isr: [2, 3], leader: 2, ...atRest });
  });

  it('waits with fewer replicas until all that stay are in sync', () => {
    const controller = cluster([1, 2, 3]);
    controller.run(planFenceBroker(controller.view, 3));
    move(controller, [2, 3]);
    expect(controller.partition('t')).toMatchObject({ replicas: [2, 3, 1], isr: [1, 2], removingReplicas: [1] });
    controller.heartbeat(3);
    tellInSync(controller, [1, 2, 3]);
    expect(controller.partition('t')).toMatchObject({ replicas: [2, 3], ...atRest });
  });

  it('can be changed on the way, and what joins no more is forgotten', () => {
    const controller = cluster([1, 2]);
    move(controller, [3, 4]);
    move(controller, [3, 5]);
    expect(controller.partition('t')).toMatchObject({ replicas: [3, 5, 1, 2, 4], addingReplicas: [5] });
    tellInSync(controller, [1, 2, 3, 5]);
    expect(controller.partition('t')).toMatchObject({ replicas: [3, 5], ...atRest });
  });

  it('called off leaves the replicas that were there, and takes the new ones out of the in-sync set', () => {
    const controller = cluster([1, 2]);
    move(controller, [3, 4]);
    tellInSync(controller, [1, 2, 3]);
    expect(move(controller, null)).toBe('NONE');
    expect(controller.partition('t')).toMatchObject({ replicas: [1, 2], isr: [1, 2], leader: 1, ...atRest });
    expect(move(controller, null)).toBe('NO_REASSIGNMENT_IN_PROGRESS');
  });

  it('is called off against the in-sync set only where unclean elections are allowed', () => {
    const controller = cluster([1]);
    move(controller, [3, 4]);
    tellInSync(controller, [1, 3]);
    controller.run(planFenceBroker(controller.view, 1));
    expect(controller.partition('t')).toMatchObject({ isr: [3], leader: 3 });
    expect(move(controller, null)).toBe('INVALID_REPLICA_ASSIGNMENT');
    const record = newConfig('topic', 't', 'unclean.leader.election.enable', 'true');
    controller.run({ records: [record], reply: undefined });
    expect(move(controller, null)).toBe('NONE');
    expect(controller.partition('t')).toMatchObject({ replicas: [1], ...atRest });
  });

  it.each([
    ['nobody', [], {}, 'INVALID_REPLICA_ASSIGNMENT'],
    ['a broker that is not registered', [1, 9], {}, 'INVALID_REPLICA_ASSIGNMENT'],
    ['the same broker twice', [1, 1], {}, 'INVALID_REPLICA_ASSIGNMENT'],
    [
      'another number of replicas against the wish',
      [1, 2, 3],
      { mayChangeFactor: false },
      'INVALID_REPLICATION_FACTOR',
    ],
    ['a topic that is not there', [1], { topic: 'no' }, 'UNKNOWN_TOPIC_OR_PARTITION'],
    ['a partition that is not there', [1], { partition: 7 }, 'UNKNOWN_TOPIC_OR_PARTITION'],
  ])('to %s is refused', (_, replicas, options, code) => {
    const controller = cluster([1, 2]);
    const before = controller.partition('t');
    expect(move(controller, replicas, options)).toBe(code);
    expect(controller.partition('t')).toBe(before);
  });

  it('to brokers that are down waits for them', () => {
    const controller = cluster([1, 2]);
    controller.run(planFenceBroker(controller.view, 5));
    expect(move(controller, [5])).toBe('NONE');
    expect(controller.partition('t')).toMatchObject({ leader: 1, addingReplicas: [5] });
  });
});
