import { describe, expect, it } from 'vitest';
import { SeededRandom } from '../../base/testing/seeded-random.ts';
import { errorCode } from '../../protocol/error-codes.ts';
import type { GroupListener } from '../group-consumer.ts';
import { GroupConsumer } from '../group-consumer.ts';
import type { GroupSettings } from '../group-settings.ts';
import { ScriptedCluster } from '../testing/scripted-cluster.ts';
import { ScriptedConsumerGroup } from '../testing/scripted-consumer-group.ts';
import { ScriptedGroup } from '../testing/scripted-group.ts';
import { ScriptedLogs } from '../testing/scripted-logs.ts';
import { ScriptedReads } from '../testing/scripted-reads.ts';

/** A member of a consumer group, on two brokers in memory, that settles what it takes at once. */
function ground(settings: Partial<GroupSettings> = {}, listener: Partial<GroupListener> = {}) {
  const cluster = new ScriptedCluster(2);
  const logs = new ScriptedLogs(cluster);
  const reads = new ScriptedReads(cluster, logs);
  const group = new ScriptedGroup(cluster, logs);
  logs.create('t', 4);
  const coordinator = new ScriptedConsumerGroup(cluster, logs, group, [0, 1]);
  const values: string[] = [];
  const failures: unknown[] = [];
  const consumer: GroupConsumer = new GroupConsumer(
    cluster.connection({ retryBackoffMs: 10, requestTimeoutMs: 2_000 }),
    {
      groupId: 'g',
      topics: ['t'],
      groupProtocol: 'consumer',
      startAt: 'earliest',
      commitIntervalMs: 600_000,
      sessionWaitMsMax: 3_000,
      ...settings,
    },
    {
      readable: () => {
        for (let taken = consumer.take(); taken; taken = consumer.take()) {
          values.push(String(taken.record.value));
          taken.settle();
        }
      },
      failed: (error) => failures.push(error),
      ...listener,
    },
  );
  const partitions = () => consumer.assignment.map(({ partition }) => partition).sort();
  const start = () => consumer.start().catch((error) => failures.push(error));
  const placed = (...wanted: number[]) =>
    cluster.until(`partitions ${wanted}`, () => String(partitions()) === String(wanted) && consumer.isReading);
  return { cluster, logs, reads, group, coordinator, consumer, values, failures, partitions, start, placed };
}

describe('ConsumerMember', () => {
  it('says everything when it joins, afterwards only what has changed', async () => {
    const { cluster, coordinator, start, placed } = ground({ serverAssignor: 'range', clientRack: 'r1' });
    void start();
    await placed(0, 1);
    await cluster.run(500);
    const [join, ...later] = coordinator.beats;
    expect(join).toMatchObject({
      memberEpoch: 0,
      subscribedTopicNames: ['t'],
      serverAssignor: 'range',
      rackId: 'r1',
      topicPartitions: [],
    });
    expect(later.every(({ subscribedTopicNames, rackId }) => subscribedTopicNames === null && rackId === null)).toBe(
      true,
    );
    expect(later.filter(({ topicPartitions }) => topicPartitions !== null)).toHaveLength(1);
    expect(coordinator.owned).toEqual([0, 1]);
  });

  it('acknowledges the loss of a partition only when it is given up and committed, and beats meanwhile', async () => {
    let isGiven = () => {};
    const events: string[] = [];
    const parts = ground(
      {},
      {
        revoked: (partitions) => {
          events.push(`gives up ${partitions.map(({ partition }) => partition)}`);
          return new Promise((resolve) => {
            isGiven = resolve;
          });
        },
      },
    );
    const { cluster, reads, group, coordinator, start, placed, values } = parts;
    reads.append('t', 1, 'a', 'b');
    void start();
    await placed(0, 1);
    await cluster.until('two records', () => values.length === 2);
    const beats = coordinator.beats.length;
    coordinator.assign([0, 2]);
    await cluster.until('it gives up', () => events.length === 1);
    await cluster.run(1_000);
    expect(coordinator.beats.length).toBeGreaterThan(beats + 5);
    expect([coordinator.owned, group.committed.get('t-1')]).toEqual([[0, 1], undefined]);
    isGiven();
    await cluster.until('it is acknowledged', () => String(coordinator.owned) === '0,2');
    expect(group.committed.get('t-1')).toBe(2);
    expect(events).toEqual(['gives up 1']);
    await placed(0, 2);
  });

  it('reads nothing that was taken away before its place was known', async () => {
    const { cluster, group, coordinator, partitions, start, placed } = ground();
    group.refusals.offsets.push(...Array.from({ length: 5 }, () => errorCode.COORDINATOR_LOAD_IN_PROGRESS));
    void start();
    await cluster.until('it has joined', () => coordinator.beats.length > 1);
    coordinator.assign([0]);
    await placed(0);
    await cluster.run(2_000);
    expect(partitions()).toEqual([0]);
  });

  it('stops reading when it is fenced, and reads on from what is committed when it has joined again', async () => {
    const { cluster, reads, group, coordinator, start, placed, values } = ground({ commitIntervalMs: 50 });
    reads.append('t', 0, 'a', 'b');
    void start();
    await placed(0, 1);
    await cluster.until('a commit', () => group.committed.get('t-0') === 2);
    coordinator.fence();
    // Whoever has it meanwhile reads on.
    group.committed.set('t-0', 3);
    reads.append('t', 0, 'c', 'd');
    await cluster.until('it joins again', () => group.joins === 2);
    await placed(0, 1);
    await cluster.until('the last', () => values.includes('d'));
    expect(values.filter((value) => value === 'd')).toHaveLength(1);
    expect(coordinator.beats.filter(({ memberEpoch }) => memberEpoch === 0)).toHaveLength(2);
  });

  it('says everything again when an answer was lost, also to another coordinator', async () => {
    const { cluster, group, coordinator, start, placed } = ground();
    coordinator.refusals.push(errorCode.COORDINATOR_LOAD_IN_PROGRESS, 'answer lost');
    void start();
    await placed(0, 1);
    await cluster.until('it is told', () => String(coordinator.owned) === '0,1');
    group.coordinator = 2;
    coordinator.assign([0, 1, 3]);
    await placed(0, 1, 3);
    await cluster.until('it is told there', () => String(coordinator.owned) === '0,1,3');
    expect(group.joins).toBe(2);
  });

  it('commits again under the next epoch when the one it had was overtaken', async () => {
    const { cluster, reads, group, coordinator, start, placed, values } = ground();
    reads.append('t', 1, 'a');
    void start();
    await placed(0, 1);
    await cluster.until('a record', () => values.length === 1);
    group.refusals.commit.push(errorCode.STALE_MEMBER_EPOCH);
    coordinator.assign([0]);
    await placed(0);
    expect(group.committed.get('t-1')).toBe(1);
    expect(group.joins).toBe(1);
  });

  it.each([
    [{}, -1],
    [{ groupInstanceId: 'one' }, -2],
  ] as const)('leaves with what it is, %j', async (settings, epoch) => {
    const { cluster, group, coordinator, consumer, start, placed } = ground(settings);
    void start();
    await placed(0, 1);
    void consumer.close();
    await cluster.until('it has left', () => group.leaves === 1);
    expect(coordinator.beats.at(-1)!.memberEpoch).toBe(epoch);
  });

  it.each([errorCode.UNSUPPORTED_ASSIGNOR, errorCode.UNRELEASED_INSTANCE_ID, errorCode.GROUP_AUTHORIZATION_FAILED])(
    'ends clearly when it is refused for good, code %d',
    async (code) => {
      const { cluster, coordinator, failures, start } = ground();
      coordinator.refusals.push(code);
      void start();
      await cluster.until('it has failed', () => failures.length === 1);
      expect(failures[0]).toMatchObject({ code: expect.stringMatching(/^KAFKA_U|^KAFKA_G/), retriable: false });
    },
  );

  it.each(Array.from({ length: 20 }, (_, seed) => seed))(
    'loses no record of what it has, nor reads on in what it lost, through lost answers, refusals and moves, seed %d',
    async (seed) => {
      const random = new SeededRandom(seed);
      const pick = <T>(list: readonly T[]) => list[Math.floor(random.next() * list.length)]!;
      const parts = ground({ commitIntervalMs: 70 });
      const { cluster, reads, group, coordinator, consumer, values, start, placed, failures } = parts;
      const given: string[] = [];
      void start();
      await placed(0, 1);
      const sets = [[0], [1, 2], [0, 1, 2, 3], [], [3], [0, 2]];
      const refusals = [
        'answer lost',
        errorCode.NOT_COORDINATOR,
        errorCode.COORDINATOR_LOAD_IN_PROGRESS,
        errorCode.UNKNOWN_MEMBER_ID,
        errorCode.FENCED_MEMBER_EPOCH,
      ] as const;
      for (let step = 0; step < 40; step++) {
        const partition = Math.floor(random.next() * 4);
        given.push(`${partition}.${step}`);
        reads.append('t', partition, `${partition}.${step}`);
        if (random.next() < 0.3) coordinator.assign(pick(sets));
        if (random.next() < 0.3) coordinator.refusals.push(pick(refusals));
        if (random.next() < 0.1) group.refusals.commit.push(errorCode.STALE_MEMBER_EPOCH);
        if (random.next() < 0.1) group.coordinator = 1 + Math.floor(random.next() * 2);
        if (random.next() < 0.1) cluster.drop(1 + Math.floor(random.next() * 2));
        await cluster.run(random.next() * 200);
      }
      coordinator.assign([0, 1, 2, 3]);
      await placed(0, 1, 2, 3);
      await cluster.until('all are read', () => given.every((value) => values.includes(value)));
      await cluster.until('all are committed', () => [...group.committed.values()].reduce((a, b) => a + b, 0) === 40);
      const firsts = [...new Set(values)];
      for (const partition of [0, 1, 2, 3]) {
        const ofPartition = (list: readonly string[]) => list.filter((value) => value.startsWith(`${partition}.`));
        expect(ofPartition(firsts)).toEqual(ofPartition(given));
      }
      expect(failures).toEqual([]);
      void consumer.close();
    },
  );

  it('sends a pattern as it is where the coordinator matches it, else the topics that it matches', async () => {
    const there = ground({ topics: [], topicPattern: /t|u/i });
    void there.start();
    await there.placed(0, 1);
    expect(there.coordinator.beats[0]).toMatchObject({ subscribedTopicNames: [], subscribedTopicRegex: '(?i)t|u' });
    const here = ground({ topics: [], topicPattern: /t|u/ });
    here.cluster.versions.set(68, { min: 0, max: 0 });
    void here.start();
    await here.placed(0, 1);
    expect(here.coordinator.beats[0]).toMatchObject({ subscribedTopicNames: ['t'], memberId: '' });
  });
});
