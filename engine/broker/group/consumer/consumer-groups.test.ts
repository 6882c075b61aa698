import { describe, expect, it } from 'vitest';
import { errorCode } from '../../../protocol/error-codes.ts';
import { testTopicId, topicsOf } from '../testing/consumer-limits.ts';
import type { ConsumerSetup } from '../testing/consumer-setup.ts';
import { consumerSetUp, coordinatorOn, settle, TestMember } from '../testing/consumer-setup.ts';

function stateOf({ coordinator }: ConsumerSetup): string | undefined {
  return coordinator.list().groups.find(({ groupId }) => groupId === 'g')?.phase;
}

function described({ coordinator }: ConsumerSetup) {
  const view = coordinator.describeConsumer('g');
  if (typeof view !== 'object') throw new Error(`expected a consumer group, found ${view}`);
  return view;
}

const leaving = { memberEpoch: -1 };

describe('members', () => {
  it('get all partitions with the answer to their first heartbeat, and are told again when they ask for all', async () => {
    const setup = await consumerSetUp();
    const first = new TestMember(setup, 'a');
    expect(await first.beat()).toMatchObject({
      errorCode: 0,
      memberId: 'a',
      memberEpoch: 1,
      heartbeatIntervalMs: 1_000,
    });
    expect(first.partitions).toEqual(['t-0', 't-1', 't-2', 't-3', 't-4', 't-5']);
    expect((await first.send({})).assignment).toBeNull();
    expect((await first.beat()).assignment?.topicPartitions).toHaveLength(1);
    expect(stateOf(setup)).toBe('Stable');
  });

  it('give up before others get, so that no partition has two owners', async () => {
    const setup = await consumerSetUp();
    const [first, second] = [new TestMember(setup, 'a'), new TestMember(setup, 'b')];
    await first.beat();
    await second.beat();
    // The first has not been told yet: the second gets nothing that the first may read.
    expect(second.partitions).toEqual([]);
    expect(stateOf(setup)).toBe('Reconciling');
    // Told to give up, but it has not said that it did.
    const told = await first.send({});
    expect(told.memberEpoch).toBe(1);
    expect(told.assignment?.topicPartitions[0]?.partitions).toHaveLength(3);
    await second.beat();
    expect(second.partitions).toEqual([]);
    first.owned = new Map([[testTopicId('t'), told.assignment?.topicPartitions[0]?.partitions ?? []]]);
    await settle(first, second);
    expect([...first.partitions, ...second.partitions].sort()).toEqual(['t-0', 't-1', 't-2', 't-3', 't-4', 't-5']);
    expect([first.partitions.length, second.partitions.length]).toEqual([3, 3]);
    expect(stateOf(setup)).toBe('Stable');
  });

  it('keep what they have when others come and go', async () => {
    const setup = await consumerSetUp();
    const members = ['a', 'b', 'c'].map((id) => new TestMember(setup, id));
    const [a, b, c] = members as [TestMember, TestMember, TestMember];
    await settle(a, b);
    const before = new Set(a.partitions);
    await settle(a, b, c);
    expect(a.partitions.every((partition) => before.has(partition))).toBe(true);
    const kept = new Set([...a.partitions, ...b.partitions]);
    await c.send(leaving);
    await settle(a, b);
    expect([...kept].every((partition) => [...a.partitions, ...b.partitions].includes(partition))).toBe(true);
    expect(a.partitions.length + b.partitions.length).toBe(6);
  });

  it('that leave free what they had at once, and the last one leaves an empty group', async () => {
    const setup = await consumerSetUp();
    const [a, b] = [new TestMember(setup, 'a'), new TestMember(setup, 'b')];
    await settle(a, b);
    expect(await a.send(leaving)).toMatchObject({ errorCode: 0, memberEpoch: -1 });
    await settle(b);
    expect(b.partitions).toHaveLength(6);
    await b.send(leaving);
    expect(stateOf(setup)).toBe('Empty');
    expect(await setup.coordinator.delete('g')).toBe(errorCode.NONE);
    expect(setup.coordinator.list().groups).toEqual([]);
    expect((await coordinatorOn(setup)).list().groups).toEqual([]);
  });

  it.each([
    ['of an epoch that is not yet', { memberEpoch: 9 }, errorCode.FENCED_MEMBER_EPOCH],
    ['nobody knows', { memberEpoch: 1, memberId: 'x' }, errorCode.UNKNOWN_MEMBER_ID],
    ['of a group that is not there', { memberEpoch: 1, groupId: 'none' }, errorCode.GROUP_ID_NOT_FOUND],
    ['without an id', { memberId: '' }, errorCode.INVALID_REQUEST],
    ['without a group', { groupId: '' }, errorCode.INVALID_REQUEST],
    ['that wants another assignor', { serverAssignor: 'mine' }, errorCode.UNSUPPORTED_ASSIGNOR],
    ['with an expression that is none', { subscribedTopicRegex: '(' }, errorCode.INVALID_REGULAR_EXPRESSION],
  ])('%s are refused', async (_, more, code) => {
    const setup = await consumerSetUp();
    const member = new TestMember(setup, 'a');
    await member.beat();
    expect((await member.send(more)).errorCode).toBe(code);
  });

  it('that have not heard of their new epoch are taken as long as they have no more than is theirs', async () => {
    const setup = await consumerSetUp();
    const [a, b] = [new TestMember(setup, 'a'), new TestMember(setup, 'b')];
    await settle(a, b);
    await b.send(leaving);
    const epoch = a.epoch;
    await a.beat();
    const part = [{ topicId: testTopicId('t'), partitions: [0] }];
    expect((await a.send({ memberEpoch: epoch, topicPartitions: part })).errorCode).toBe(0);
    expect((await a.send({ memberEpoch: epoch })).errorCode).toBe(errorCode.FENCED_MEMBER_EPOCH);
    expect((await a.send({ memberEpoch: epoch - 1, topicPartitions: part })).errorCode).toBe(
      errorCode.FENCED_MEMBER_EPOCH,
    );
  });

  it('have room for no more than the bound', async () => {
    const setup = await consumerSetUp();
    setup.limits = { ...setup.limits, membersMax: 1 };
    await new TestMember(setup, 'a').beat();
    expect((await new TestMember(setup, 'b').beat()).errorCode).toBe(errorCode.GROUP_MAX_SIZE_REACHED);
  });
});

describe('time', () => {
  it('takes out members that are not heard of', async () => {
    const setup = await consumerSetUp();
    const [a, b] = [new TestMember(setup, 'a'), new TestMember(setup, 'b')];
    await settle(a, b);
    for (let second = 0; second < 12; second++) {
      setup.clock.advance(1_000);
      await a.beat();
    }
    expect((await b.send({})).errorCode).toBe(errorCode.UNKNOWN_MEMBER_ID);
    await settle(a);
    expect(a.partitions).toHaveLength(6);
  });

  it('lets members be whose heartbeats had to wait for a write that took long', async () => {
    const setup = await consumerSetUp();
    const [a, b] = [new TestMember(setup, 'a'), new TestMember(setup, 'b')];
    await settle(a, b);
    setup.offsetsLog.holds = true;
    const joining = new TestMember(setup, 'c').beat();
    setup.clock.advance(9_000);
    const waiting = [a.send({}), b.send({})];
    setup.clock.advance(2_000);
    setup.offsetsLog.holds = false;
    setup.offsetsLog.release();
    await Promise.all([joining, ...waiting]);
    expect(described(setup).group.members.size).toBe(3);
  });

  it('takes out members that do not let go within their rebalance timeout, though they send heartbeats', async () => {
    const setup = await consumerSetUp();
    const [a, b] = [new TestMember(setup, 'a'), new TestMember(setup, 'b')];
    await a.beat();
    await b.beat();
    for (let second = 0; second < 7; second++) {
      await a.send({});
      await b.beat();
      setup.clock.advance(1_000);
    }
    expect((await a.send({})).errorCode).toBe(errorCode.UNKNOWN_MEMBER_ID);
    await settle(b);
    expect(b.partitions).toHaveLength(6);
  });
});

describe('static members', () => {
  const till = { instanceId: 'till-1' };

  it('come back to their partitions under a new id, and nobody else moves', async () => {
    const setup = await consumerSetUp();
    const [a, b] = [new TestMember(setup, 'a', till), new TestMember(setup, 'b')];
    await settle(a, b);
    const before = { a: a.partitions, epoch: b.epoch };
    expect((await new TestMember(setup, 'z', till).beat()).errorCode).toBe(errorCode.UNRELEASED_INSTANCE_ID);
    expect(await a.send({ memberEpoch: -2 })).toMatchObject({ errorCode: 0, memberEpoch: -2 });
    const back = new TestMember(setup, 'a2', till);
    await back.beat();
    expect(back.partitions).toEqual(before.a);
    await b.beat();
    expect(b.epoch).toBe(before.epoch);
    expect((await a.send({ memberEpoch: 1 })).errorCode).toBe(errorCode.FENCED_INSTANCE_ID);
  });

  it('that do not come back lose their place with their session', async () => {
    const setup = await consumerSetUp();
    const [a, b] = [new TestMember(setup, 'a', till), new TestMember(setup, 'b')];
    await settle(a, b);
    await a.send({ memberEpoch: -2 });
    await settle(b);
    expect(b.partitions).toHaveLength(3);
    for (let second = 0; second < 12; second++) {
      setup.clock.advance(1_000);
      await b.beat();
    }
    await settle(b);
    expect(b.partitions).toHaveLength(6);
  });
});

describe('topics', () => {
  it('that get partitions, come or go are shared out with the next heartbeats', async () => {
    const setup = await consumerSetUp({ t: 2 });
    const a = new TestMember(setup, 'a', { subscribedTopicNames: ['t', 'u'] });
    await a.beat();
    expect(a.partitions).toEqual(['t-0', 't-1']);
    setup.topics = topicsOf({ t: 3, u: 1 });
    setup.coordinator.topicsChanged();
    await settle(a);
    expect(a.partitions).toEqual(['t-0', 't-1', 't-2', 'u-0']);
    setup.topics = topicsOf({ u: 1 });
    setup.coordinator.topicsChanged();
    await settle(a);
    expect(a.partitions).toEqual(['u-0']);
  });

  it('are those whose whole names an expression matches, of those that the member may know of', async () => {
    const setup = await consumerSetUp({ 'a-1': 1, 'a-2': 1, 'xa-1': 1, 'a-secret': 1 });
    setup.hidden.add('a-secret');
    const a = new TestMember(setup, 'a', { subscribedTopicNames: [], subscribedTopicRegex: 'a-.*' });
    await settle(a);
    expect(a.partitions).toEqual(['a-1-0', 'a-2-0']);
    setup.topics = topicsOf({ 'a-2': 1, 'a-3': 2, 'xa-1': 1 });
    setup.coordinator.topicsChanged();
    await settle(a);
    expect(a.partitions.sort()).toEqual(['a-2-0', 'a-3-0', 'a-3-1']);
    const successor = await coordinatorOn(setup);
    expect(successor.describeConsumer('g')).toMatchObject({
      group: { regexes: new Map([['a-.*', expect.objectContaining({ topics: new Set(['a-2', 'a-3']) })]]) },
    });
    await a.send(leaving);
    expect(described(setup).group.regexes.size).toBe(0);
  });

  it('that a member stops to read are taken from it', async () => {
    const setup = await consumerSetUp({ t: 2, u: 2 });
    const a = new TestMember(setup, 'a', { subscribedTopicNames: ['t', 'u'] });
    await settle(a);
    await a.beat({ subscribedTopicNames: ['u'] });
    await a.beat({ subscribedTopicNames: ['u'] });
    expect(a.partitions).toEqual(['u-0', 'u-1']);
  });
});

describe('a successor', () => {
  it('knows all that members were told, and they go on', async () => {
    const setup = await consumerSetUp();
    const [a, b] = [new TestMember(setup, 'a'), new TestMember(setup, 'b')];
    await a.beat();
    await b.beat();
    const before = described(setup).group;
    setup.coordinator = await coordinatorOn(setup);
    expect(described(setup).group).toEqual(before);
    await settle(a, b);
    expect([a.partitions.length, b.partitions.length]).toEqual([3, 3]);
  });

  it('takes out who does not come to it', async () => {
    const setup = await consumerSetUp();
    const [a, b] = [new TestMember(setup, 'a'), new TestMember(setup, 'b')];
    await settle(a, b);
    setup.coordinator.resigned(0);
    setup.coordinator = await coordinatorOn(setup);
    for (let second = 0; second < 12; second++) {
      setup.clock.advance(1_000);
      await a.beat();
    }
    await settle(a);
    expect(a.partitions).toHaveLength(6);
  });
});

describe('writes', () => {
  it('that fail change nothing, and the member tries again', async () => {
    const setup = await consumerSetUp();
    const a = new TestMember(setup, 'a');
    setup.offsetsLog.failWith = errorCode.NOT_ENOUGH_REPLICAS;
    expect((await a.beat()).errorCode).toBe(errorCode.COORDINATOR_NOT_AVAILABLE);
    expect(setup.coordinator.list().groups).toEqual([]);
    setup.offsetsLog.failWith = errorCode.NONE;
    expect((await a.beat()).errorCode).toBe(0);
  });

  it('of members that come together go out together, and each is answered when all is safe', async () => {
    const setup = await consumerSetUp();
    setup.offsetsLog.holds = true;
    const members = ['a', 'b', 'c', 'd'].map((id) => new TestMember(setup, id));
    const beats = members.map((member) => member.beat());
    let answered = 0;
    for (const beat of beats) void beat.then(() => answered++);
    for (let turn = 0; turn < 20; turn++) await Promise.resolve();
    expect(answered).toBe(0);
    setup.offsetsLog.holds = false;
    setup.offsetsLog.release();
    await Promise.all(beats);
    await settle(...members);
    expect(members.flatMap(({ partitions }) => partitions).sort()).toHaveLength(6);
  });
});

describe('offsets', () => {
  const commit = ({ coordinator }: ConsumerSetup, memberId: string, generationId: number, partition = 0) => {
    const committer = { memberId, generationId, groupInstanceId: null, missingGroup: errorCode.GROUP_ID_NOT_FOUND };
    const offset = { topic: 't', partition, offset: 5, leaderEpoch: 0, metadata: '' };
    return coordinator.commit('g', { ...committer, apiVersion: 9 }, [offset]);
  };

  it('are taken of members of the present epoch, and of one before where the partition was theirs all the while', async () => {
    const setup = await consumerSetUp();
    const [a, b] = [new TestMember(setup, 'a'), new TestMember(setup, 'b')];
    await a.beat();
    const old = a.epoch;
    await settle(a, b);
    const kept = Number(a.partitions[0]?.slice(2));
    const lost = Number(b.partitions[0]?.slice(2));
    expect(a.epoch).toBeGreaterThan(old);
    expect(await commit(setup, 'a', a.epoch, kept)).toEqual([errorCode.NONE]);
    expect(await commit(setup, 'a', old, kept)).toEqual([errorCode.NONE]);
    expect(await commit(setup, 'a', old, lost)).toEqual([errorCode.STALE_MEMBER_EPOCH]);
    expect(await commit(setup, 'a', a.epoch + 1, kept)).toEqual([errorCode.STALE_MEMBER_EPOCH]);
    expect(await commit(setup, 'x', a.epoch, kept)).toEqual([errorCode.UNKNOWN_MEMBER_ID]);
    expect(await commit(setup, '', -1)).toEqual([errorCode.UNKNOWN_MEMBER_ID]);
    await a.send(leaving);
    await b.send(leaving);
    expect(await commit(setup, '', -1)).toEqual([errorCode.NONE]);
  });

  it('are told to members of the present epoch', async () => {
    const setup = await consumerSetUp();
    const a = new TestMember(setup, 'a');
    await a.beat();
    await commit(setup, 'a', a.epoch);
    const told = (memberId: string | null, memberEpoch: number) =>
      setup.coordinator.committedOffsets('g', { memberId, memberEpoch }).errorCode;
    expect(told('a', a.epoch)).toBe(errorCode.NONE);
    expect(told('a', a.epoch + 1)).toBe(errorCode.STALE_MEMBER_EPOCH);
    expect(told('x', 1)).toBe(errorCode.UNKNOWN_MEMBER_ID);
    expect(told(null, -1)).toBe(errorCode.NONE);
  });

  it('of a member that is being taken out are not taken any more', async () => {
    const setup = await consumerSetUp();
    const [a, b] = [new TestMember(setup, 'a'), new TestMember(setup, 'b')];
    await settle(a, b);
    setup.offsetsLog.holds = true;
    const left = a.send(leaving);
    const late = commit(setup, 'a', a.epoch, Number(a.partitions[0]?.slice(2)));
    setup.offsetsLog.holds = false;
    setup.offsetsLog.release();
    await left;
    expect(await late).toEqual([errorCode.UNKNOWN_MEMBER_ID]);
  });
});
