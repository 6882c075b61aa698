import { describe, expect, it } from 'vitest';
import { apis } from '../protocol/api-keys.ts';
import { errorCode } from '../protocol/error-codes.ts';
import type { GroupListener, TakenRecord } from './group-consumer.ts';
import { GroupConsumer } from './group-consumer.ts';
import type { GroupSettings } from './group-settings.ts';
import { ScriptedCluster } from './testing/scripted-cluster.ts';
import { ScriptedGroup } from './testing/scripted-group.ts';
import { ScriptedLogs } from './testing/scripted-logs.ts';
import { ScriptedReads } from './testing/scripted-reads.ts';

/** A group consumer on two brokers in memory that takes everything at once and settles it unless told otherwise. */
function ground(settings: Partial<GroupSettings> = {}, listener: Partial<GroupListener> = {}) {
  const cluster = new ScriptedCluster(2);
  const logs = new ScriptedLogs(cluster);
  const reads = new ScriptedReads(cluster, logs);
  const group = new ScriptedGroup(cluster, logs);
  const taken: TakenRecord[] = [];
  const assigned: string[][] = [];
  const troubles: string[] = [];
  const failures: unknown[] = [];
  const state = { isSettling: true, started: 'no' as unknown };
  const consumer: GroupConsumer = new GroupConsumer(
    cluster.connection({ retryBackoffMs: 10, metadataMaxAgeMs: 1_000, requestTimeoutMs: 2_000 }),
    {
      groupId: 'g',
      topics: ['t'],
      startAt: 'earliest',
      commitIntervalMs: 100,
      heartbeatIntervalMs: 200,
      sessionWaitMsMax: 3_000,
      ...settings,
    },
    {
      readable: () => {
        for (let next = consumer.take(); next; next = consumer.take()) {
          taken.push(next);
          if (state.isSettling) next.settle();
        }
      },
      assigned: (partitions) => void assigned.push(partitions.map(({ topic, partition }) => `${topic}-${partition}`)),
      trouble: ({ code }) => troubles.push(code),
      failed: (error) => failures.push(error),
      ...listener,
    },
  );
  const start = () => {
    consumer.start().then(
      () => {
        state.started = 'yes';
      },
      (error) => {
        state.started = error;
      },
    );
  };
  const valuesOf = () => taken.map(({ record }) => String(record.value));
  return { cluster, logs, reads, group, consumer, taken, assigned, troubles, failures, state, start, valuesOf };
}

async function joined(parts: ReturnType<typeof ground>): Promise<void> {
  parts.start();
  await parts.cluster.until('it has started', () => parts.state.started !== 'no');
  expect(parts.state.started).toBe('yes');
}

describe('GroupConsumer', () => {
  it('starts when its partitions and their positions are known: what is sent right after is read, from latest too', async () => {
    const parts = ground({ startAt: 'latest' });
    const { cluster, logs, reads, consumer, valuesOf } = parts;
    logs.create('t', 2);
    reads.append('t', 0, 'before');
    await joined(parts);
    expect(consumer.assignment.map(({ partition, position }) => [partition, position])).toEqual([
      [0, 1],
      [1, 0],
    ]);
    reads.append('t', 0, 'right after');
    await cluster.until('the record', () => valuesOf().length === 1);
    expect(valuesOf()).toEqual(['right after']);
  });

  it('begins at a time: at the first record that young, and at the end where there is none', async () => {
    const parts = ground({ startAt: 'latest', startAtMs: 1_500 });
    const { logs, reads, consumer } = parts;
    logs.create('t', 2);
    reads.append('t', 0, 'old', 'old');
    reads.append('t', 1, 'old');
    logs.topics.get('t')!.partitions[0]!.records.push({
      ...{ offset: 2, timestamp: 2_000, key: null, value: Buffer.from('young'), headers: [] },
    });
    reads.append('t', 0, 'late');
    await joined(parts);
    expect(consumer.assignment.map(({ partition, position }) => [partition, position])).toEqual([
      [0, 2],
      [1, 1],
    ]);
  });

  it('commits the positions that a reset found, so that nothing sent while it is down is lost', async () => {
    const parts = ground({ startAt: 'latest' });
    const { cluster, logs, reads, group, consumer } = parts;
    logs.create('t', 2);
    reads.append('t', 1, 'a', 'b');
    await joined(parts);
    await cluster.until('a commit', () => group.committed.size === 2);
    expect([...group.committed].sort()).toEqual([
      ['t-0', 0],
      ['t-1', 2],
    ]);
    const commits = cluster.requests(apis.offsetCommit).length;
    await cluster.run(2_000);
    expect(cluster.requests(apis.offsetCommit)).toHaveLength(commits);
    void consumer.close();
    await cluster.until('it has left', () => group.leaves === 1);
  });

  it('leaves commits to transactions, and reads again from what is committed when one was aborted', async () => {
    const parts = ground({ commits: 'transactions' });
    const { cluster, logs, reads, consumer, valuesOf } = parts;
    logs.create('t', 1);
    reads.append('t', 0, 'a', 'b', 'c');
    await joined(parts);
    await cluster.until('three records', () => valuesOf().length === 3);
    expect(consumer.group).toMatchObject({ groupId: 'g', generation: 1 });
    expect(consumer.offsetsToCommit()).toEqual([{ topic: 't', partition: 0, offset: 3 }]);
    consumer.rewind();
    await cluster.until('the same again', () => valuesOf().length === 6);
    consumer.committed(consumer.offsetsToCommit());
    expect(consumer.offsetsToCommit()).toEqual([]);
    reads.append('t', 0, 'd');
    await cluster.until('the next', () => valuesOf().length === 7);
    consumer.rewind();
    await cluster.until('the next again', () => valuesOf().length === 8);
    expect(valuesOf()).toEqual(['a', 'b', 'c', 'a', 'b', 'c', 'd', 'd']);
    expect(cluster.requests(apis.offsetCommit)).toHaveLength(0);
  });

  it('says nothing wrong when the group takes its time: start ends after its bound, and the partitions come later', async () => {
    const parts = ground({ startWaitMsMax: 500 });
    const { cluster, logs, reads, group, consumer, start, state, valuesOf } = parts;
    logs.create('t', 1);
    reads.append('t', 0, 'a');
    group.refusals.join.push(...Array.from({ length: 20 }, () => errorCode.COORDINATOR_LOAD_IN_PROGRESS));
    start();
    await cluster.until('start ends', () => state.started !== 'no');
    expect([state.started, valuesOf(), consumer.isReading]).toEqual(['yes', [], false]);
    await cluster.until('the record', () => valuesOf().length === 1);
    expect(consumer.isReading).toBe(true);
  });

  it.each([
    ['a topic that does not exist', 'KAFKA_UNKNOWN_TOPIC', undefined],
    ['a group that it may not join', 'KAFKA_GROUP_AUTHORIZATION_FAILED', errorCode.GROUP_AUTHORIZATION_FAILED],
    ['members it has no assignor with', 'KAFKA_INCONSISTENT_GROUP_PROTOCOL', errorCode.INCONSISTENT_GROUP_PROTOCOL],
  ])('does not start with %s', async (_, code, refusal) => {
    const parts = ground();
    const { cluster, logs, group, start, state, failures } = parts;
    if (refusal) {
      logs.create('t', 1);
      group.refusals.join.push(refusal);
    }
    start();
    await cluster.until('start ends', () => state.started !== 'no');
    expect(state.started).toMatchObject({ code });
    expect(failures).toEqual([]);
    await cluster.run(10_000);
    expect(cluster.clock.nextDueMs).toBeUndefined();
  });

  it('a stop while it starts stops it', async () => {
    const parts = ground();
    const { cluster, logs, group, consumer, start, state } = parts;
    logs.create('t', 1);
    group.refusals.join.push(...Array.from({ length: 100 }, () => errorCode.COORDINATOR_LOAD_IN_PROGRESS));
    start();
    await cluster.run(300);
    let isClosed = false;
    void consumer.close().then(() => {
      isClosed = true;
    });
    await cluster.until('it is closed', () => isClosed, 6_000);
    expect(state.started).toMatchObject({ code: 'KAFKA_CLOSED' });
  });

  it('commits before it joins anew, and hands out nothing until it has', async () => {
    const order: string[] = [];
    const parts = ground({ commitIntervalMs: 600_000 }, { revoked: () => void order.push('revoked') });
    const { cluster, logs, reads, group, state, taken, assigned } = parts;
    logs.create('t', 1);
    reads.append('t', 0, 'a', 'b');
    await joined(parts);
    await cluster.until('both', () => taken.length === 2);
    group.refusals.beat.push(errorCode.REBALANCE_IN_PROGRESS);
    await cluster.until('it has joined again', () => group.joins === 2);
    expect(group.committed.get('t-0')).toBe(2);
    expect(order).toEqual(['revoked']);
    await cluster.until('it reads again', () => assigned.length === 2);
    reads.append('t', 0, 'c');
    await cluster.until('the next', () => taken.length === 3);
    expect(taken.map(({ record }) => record.offset)).toEqual([0, 1, 2]);
    expect([state.started, group.joins]).toEqual(['yes', 2]);
  });

  it('waits for what its owner restores before records, and for what it flushes after them', async () => {
    const restored = Promise.withResolvers<void>();
    const flushed = Promise.withResolvers<void>();
    const parts = ground({}, { assigned: () => restored.promise, revoked: () => flushed.promise });
    const { cluster, logs, reads, group, start, taken } = parts;
    logs.create('t', 1);
    reads.append('t', 0, 'a');
    start();
    await cluster.run(5_000);
    expect(taken).toEqual([]);
    const beats = cluster.requests(apis.heartbeat).length;
    expect(beats).toBeGreaterThan(10);
    restored.resolve();
    await cluster.until('the record', () => taken.length === 1);
    group.refusals.beat.push(errorCode.REBALANCE_IN_PROGRESS);
    await cluster.run(2_000);
    expect(group.joins).toBe(1);
    flushed.resolve();
    await cluster.until('it has joined again', () => group.joins === 2);
  });

  it('joins as a new member when it was put out, and repeats only what was not committed', async () => {
    const parts = ground({ commitIntervalMs: 50 });
    const { cluster, logs, reads, group, state, taken } = parts;
    logs.create('t', 1);
    reads.append('t', 0, 'a', 'b', 'c', 'd');
    await joined(parts);
    await cluster.until('all', () => group.committed.get('t-0') === 4);
    state.isSettling = false;
    reads.append('t', 0, 'e');
    await cluster.until('the open one', () => taken.length === 5);
    // Another member has read on meanwhile.
    group.committed.set('t-0', 2);
    group.memberId = 'somebody else';
    await cluster.until('it has joined again', () => group.joins === 2);
    await cluster.until('it has read again', () => taken.length === 8);
    expect(taken.map(({ record }) => record.offset)).toEqual([0, 1, 2, 3, 4, 2, 3, 4]);
  });

  it('finds its coordinator again when that has moved, without another generation', async () => {
    const parts = ground();
    const { cluster, logs, reads, group, taken } = parts;
    logs.create('t', 1);
    await joined(parts);
    group.coordinator = 2;
    reads.append('t', 0, 'a');
    await cluster.until('it is committed', () => taken.length === 1 && group.committed.get('t-0') === 1, 2_000);
    expect(group.joins).toBe(1);
  });

  it('does not set off a rebalance by a commit that a rebalance refuses', async () => {
    const parts = ground();
    const { cluster, logs, reads, group, troubles } = parts;
    logs.create('t', 1);
    await joined(parts);
    await cluster.until('the first commit', () => group.committed.get('t-0') === 0);
    group.refusals.commit.push(errorCode.REBALANCE_IN_PROGRESS, errorCode.REBALANCE_IN_PROGRESS);
    reads.append('t', 0, 'a');
    await cluster.until('it is committed', () => group.committed.get('t-0') === 1);
    expect([group.joins, troubles]).toEqual([1, []]);
  });

  it('is dead, visibly, when another takes its instance id', async () => {
    const parts = ground({ groupInstanceId: 'one' });
    const { cluster, logs, group, failures, consumer } = parts;
    logs.create('t', 1);
    await joined(parts);
    group.refusals.beat.push(errorCode.FENCED_INSTANCE_ID);
    await cluster.until('it has failed', () => failures.length === 1);
    expect(failures[0]).toMatchObject({ code: 'KAFKA_FENCED_INSTANCE_ID' });
    void consumer.close();
    await cluster.run(10_000);
    expect([group.leaves, cluster.clock.nextDueMs]).toEqual([0, undefined]);
  });

  it('stops handing out behind a record that is never settled, and fetching with it', async () => {
    const parts = ground({ partitionRecordsPendingMax: 10, partitionQueueRecordsMax: 20 });
    const { cluster, logs, reads, state, taken, consumer } = parts;
    logs.create('t', 1);
    reads.append('t', 0, ...Array.from({ length: 12 }, (_, index) => `v${index}`));
    state.isSettling = false;
    await joined(parts);
    await cluster.run(500);
    for (const each of taken.slice(1)) each.settle();
    for (let round = 0; round < 20; round++) {
      reads.append('t', 0, ...'abcdefghij');
      await cluster.run(100);
    }
    expect(taken).toHaveLength(10);
    const asked = cluster.requests(apis.fetch).length;
    await cluster.run(5_000);
    expect(cluster.requests(apis.fetch)).toHaveLength(asked);
    state.isSettling = true;
    taken[0]!.settle();
    await cluster.until('the rest', () => taken.length === 212);
    expect(taken.map(({ record }) => record.offset)).toEqual(Array.from({ length: 212 }, (_, offset) => offset));
    expect(consumer.inFlight).toBe(0);
  });

  it('reads partitions and topics that appear later from their beginning, though it starts from latest', async () => {
    const parts = ground({ startAt: 'latest', topics: [], topicPattern: /orders-.*/ });
    const { cluster, logs, reads, valuesOf } = parts;
    logs.create('orders-1', 1);
    logs.create('other', 1);
    reads.append('orders-1', 0, 'old');
    await joined(parts);
    logs.create('orders-2', 1);
    reads.append('orders-2', 0, 'in a new topic');
    logs.topics.get('orders-1')!.partitions.push({ leader: 2, leaderEpoch: 0, records: [], producers: new Map() });
    reads.append('orders-1', 1, 'in a new partition');
    reads.append('other', 0, 'not ours');
    await cluster.until('both', () => valuesOf().length === 2, 5_000);
    expect(valuesOf().sort()).toEqual(['in a new partition', 'in a new topic']);
  });

  it('begins anew with a topic that was made anew: its records are read and committed, old ones that end late change nothing', async () => {
    const parts = ground();
    const { cluster, logs, reads, group, state, taken } = parts;
    logs.create('t', 1);
    reads.append('t', 0, 'old0', 'old1', 'old2');
    state.isSettling = false;
    await joined(parts);
    await cluster.until('the old ones', () => taken.length === 3);
    logs.create('t', 1);
    group.committed.clear();
    state.isSettling = true;
    reads.append('t', 0, 'new0');
    await cluster.until('the new one', () => taken.length === 4);
    for (const old of taken.slice(0, 3)) old.settle();
    await cluster.run(1_000);
    expect(taken[3]!.record.offset).toBe(0);
    expect(group.committed.get('t-0')).toBe(1);
  });
});
