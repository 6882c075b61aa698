import { describe, expect, it } from 'vitest';
import { silentLog } from '../../base/log.ts';
import { ManualClock } from '../../base/testing/manual-clock.ts';
import { SeededRandom } from '../../base/testing/seeded-random.ts';
import { errorCode } from '../../protocol/error-codes.ts';
import type { StoredRecord } from '../coordinator/internal-log.ts';
import { MemoryInternalLog } from '../coordinator/testing/memory-internal-log.ts';
import type { JoinCommand } from './classic/join.ts';
import type { JoinAnswer } from './classic/round.ts';
import { GroupCoordinator } from './group-coordinator.ts';
import type { GroupLimits } from './group-limits.ts';
import { noTopics, testConsumerLimits } from './testing/consumer-limits.ts';

const limits: GroupLimits = {
  sessionTimeoutMsMin: 1_000,
  sessionTimeoutMsMax: 60_000,
  membersMax: 4,
  initialRebalanceDelayMs: 0,
  metadataBytesMax: 16,
  offsetsRetentionMs: 3_600_000,
  offsetsCheckIntervalMs: 600_000,
};

async function setUp(offsetsLog = new MemoryInternalLog(), topics = new Set(['t'])) {
  const clock = new ManualClock();
  const quorum = { isInTouch: true };
  const coordinator = new GroupCoordinator({
    clock,
    random: new SeededRandom(7),
    log: silentLog,
    limits,
    consumerLimits: () => testConsumerLimits,
    topics: () => noTopics,
    offsetsLog,
    topicExists: (topic) => topics.has(topic),
    isInTouch: () => quorum.isInTouch,
  });
  await coordinator.elected(0, 1);
  return { clock, coordinator, offsetsLog, quorum };
}

type Setup = Awaited<ReturnType<typeof setUp>>;

function joinCommand(memberId: string, more: Partial<JoinCommand> = {}): Omit<JoinCommand, 'newMemberId'> {
  return {
    memberId,
    groupInstanceId: null,
    requiresKnownMemberId: false,
    canSkipAssignment: true,
    clientId: 'test',
    clientHost: '/127.0.0.1',
    sessionTimeoutMs: 10_000,
    rebalanceTimeoutMs: 5_000,
    protocolType: 'consumer',
    protocols: [{ name: 'range', metadata: Buffer.from(`wishes of ${memberId}`) }],
    ...more,
  };
}

/** Joins one member after the other until all are in the same generation; returns their answers, leader first. */
async function joinAll({ coordinator }: Setup, count: number): Promise<JoinAnswer[]> {
  let answers: JoinAnswer[] = [];
  for (let index = 0; index < count; index++) {
    // The newcomer comes first: it is what sends the others back to join.
    const newcomer = coordinator.join('g', joinCommand(''));
    const rejoining = answers.map((member) => coordinator.join('g', joinCommand(member.memberId)));
    answers = await Promise.all([...rejoining, newcomer]);
  }
  return answers;
}

async function stable(setup: Setup, count: number): Promise<JoinAnswer[]> {
  const members = await joinAll(setup, count);
  await Promise.all(members.map((member) => syncOf(setup, member, members)));
  return members;
}

function syncOf(
  { coordinator }: Setup,
  member: JoinAnswer,
  all: readonly JoinAnswer[],
  groupInstanceId: string | null = null,
) {
  const isLeader = member.memberId === member.leader;
  return coordinator.sync('g', {
    memberId: member.memberId,
    groupInstanceId,
    generationId: member.generationId,
    protocolType: null,
    protocolName: null,
    assignments: isLeader
      ? all.map(({ memberId }) => ({ memberId, assignment: Buffer.from(`part of ${memberId}`) }))
      : [],
  });
}

const missingGroup = errorCode.ILLEGAL_GENERATION;
const committerOf = ({ memberId, generationId }: JoinAnswer) => ({
  memberId,
  generationId,
  groupInstanceId: null,
  missingGroup,
});
const offsetOf = (offset: number, metadata = '') => ({ topic: 't', partition: 0, offset, leaderEpoch: 3, metadata });

it('gives every member its part after the leader decided, and the list of members to the leader alone', async () => {
  const setup = await setUp();
  const members = await joinAll(setup, 3);
  expect(new Set(members.map((member) => member.generationId)).size).toBe(1);
  expect(members.map((member) => member.members.length)).toEqual([3, 0, 0]);
  const synced = await Promise.all(members.map((member) => syncOf(setup, member, members)));
  expect(synced.map((answer) => answer.assignment.toString())).toEqual(
    members.map(({ memberId }) => `part of ${memberId}`),
  );
  expect(setup.coordinator.describe('g')).toMatchObject({ phase: 'Stable', protocolName: 'range' });
});

it('tells the members of a rebalance by heartbeat, and fences those of an older generation', async () => {
  const setup = await setUp();
  const [leader] = await stable(setup, 1);
  if (!leader) throw new Error('no member');
  const beat = (generationId: number) =>
    setup.coordinator.heartbeat('g', { memberId: leader.memberId, groupInstanceId: null }, generationId);
  expect(beat(leader.generationId)).toBe(errorCode.NONE);
  const newcomer = setup.coordinator.join('g', joinCommand(''));
  expect(beat(leader.generationId)).toBe(errorCode.REBALANCE_IN_PROGRESS);
  const rejoined = await setup.coordinator.join('g', joinCommand(leader.memberId));
  expect((await newcomer).generationId).toBe(rejoined.generationId);
  expect(beat(leader.generationId)).toBe(errorCode.ILLEGAL_GENERATION);
});

it('hands a new member its id first when the client can come back with it', async () => {
  const { coordinator, clock } = await setUp();
  const first = await coordinator.join('g', joinCommand('', { requiresKnownMemberId: true }));
  expect(first.errorCode).toBe(errorCode.MEMBER_ID_REQUIRED);
  const joined = await coordinator.join('g', joinCommand(first.memberId, { requiresKnownMemberId: true }));
  expect(joined).toMatchObject({ errorCode: errorCode.NONE, memberId: first.memberId, generationId: 1 });
  const late = await coordinator.join('g', joinCommand('', { requiresKnownMemberId: true }));
  clock.advance(11_000);
  const forgotten = await coordinator.join('g', joinCommand(late.memberId));
  expect(forgotten.errorCode).toBe(errorCode.UNKNOWN_MEMBER_ID);
});

it('gives up a member that is silent for its session timeout and rebalances the others', async () => {
  const setup = await setUp();
  const [leader, silent] = await stable(setup, 2);
  if (!leader || !silent) throw new Error('no members');
  setup.clock.advance(9_000);
  const claim = { memberId: leader.memberId, groupInstanceId: null };
  expect(setup.coordinator.heartbeat('g', claim, leader.generationId)).toBe(errorCode.NONE);
  setup.clock.advance(2_000);
  expect(setup.coordinator.heartbeat('g', claim, leader.generationId)).toBe(errorCode.REBALANCE_IN_PROGRESS);
  const next = await setup.coordinator.join('g', joinCommand(leader.memberId));
  expect(next.members.map((member) => member.memberId)).toEqual([leader.memberId]);
  const gone = setup.coordinator.heartbeat(
    'g',
    { memberId: silent.memberId, groupInstanceId: null },
    next.generationId,
  );
  expect(gone).toBe(errorCode.UNKNOWN_MEMBER_ID);
});

it('ends a rebalance without a member that does not come back in time', async () => {
  const setup = await setUp();
  const [leader] = await stable(setup, 2);
  if (!leader) throw new Error('no member');
  const waiting = setup.coordinator.join('g', joinCommand(leader.memberId));
  setup.clock.advance(5_000);
  expect((await waiting).members.map((member) => member.memberId)).toEqual([leader.memberId]);
});

it('puts a returning static member in its own place without a rebalance and fences its former self', async () => {
  const setup = await setUp();
  const first = await setup.coordinator.join('g', joinCommand('', { groupInstanceId: 'till-1' }));
  await syncOf(setup, first, [first], 'till-1');
  const second = await setup.coordinator.join('g', joinCommand('', { groupInstanceId: 'till-1' }));
  expect(second).toMatchObject({ generationId: first.generationId, skipAssignment: true });
  expect(second.memberId).not.toBe(first.memberId);
  const former = { memberId: first.memberId, groupInstanceId: 'till-1' };
  expect(setup.coordinator.heartbeat('g', former, first.generationId)).toBe(errorCode.FENCED_INSTANCE_ID);
  const current = { memberId: second.memberId, groupInstanceId: 'till-1' };
  expect(setup.coordinator.heartbeat('g', current, first.generationId)).toBe(errorCode.NONE);
});

it('does not show an offset before it is on all in-sync replicas', async () => {
  const setup = await setUp();
  const [member] = await stable(setup, 1);
  if (!member) throw new Error('no member');
  setup.offsetsLog.holds = true;
  const committing = setup.coordinator.commit('g', committerOf(member), [offsetOf(42)]);
  expect(setup.coordinator.committedOffsets('g').offsets.size).toBe(0);
  setup.offsetsLog.release();
  expect(await committing).toEqual([errorCode.NONE]);
  expect(setup.coordinator.committedOffsets('g').offsets.get('t')?.get(0)).toMatchObject({
    offset: 42,
    leaderEpoch: 3,
  });
});

it('answers a commit that takes too long, and counts it all the same once it is written', async () => {
  const setup = await setUp();
  setup.offsetsLog.holds = true;
  const nobody = { memberId: '', generationId: -1, groupInstanceId: null, missingGroup };
  const committing = setup.coordinator.commit('g', nobody, [offsetOf(7)]);
  setup.clock.advance(5_000);
  expect(await committing).toEqual([errorCode.REQUEST_TIMED_OUT]);
  setup.offsetsLog.release();
  await expect.poll(() => setup.coordinator.committedOffsets('g').offsets.get('t')?.get(0)?.offset).toBe(7);
});

it('refuses commits of strangers, of old generations, during a rebalance, and metadata that is too long', async () => {
  const setup = await setUp();
  const [member] = await stable(setup, 1);
  if (!member) throw new Error('no member');
  const commit = (more: object, metadata = '') =>
    setup.coordinator.commit('g', { ...committerOf(member), ...more }, [offsetOf(1, metadata)]);
  expect(await commit({ memberId: 'stranger' })).toEqual([errorCode.UNKNOWN_MEMBER_ID]);
  expect(await commit({ generationId: member.generationId - 1 })).toEqual([errorCode.ILLEGAL_GENERATION]);
  expect(await commit({ memberId: '', generationId: -1 })).toEqual([errorCode.UNKNOWN_MEMBER_ID]);
  expect(await commit({}, 'x'.repeat(17))).toEqual([errorCode.OFFSET_METADATA_TOO_LARGE]);
  const [next] = await Promise.all([setup.coordinator.join('g', joinCommand(member.memberId))]);
  expect(await commit({ generationId: next?.generationId })).toEqual([errorCode.REBALANCE_IN_PROGRESS]);
});

it('has the same groups and offsets after another broker read them back', async () => {
  const setup = await setUp();
  const members = await stable(setup, 2);
  const [member] = members;
  if (!member) throw new Error('no member');
  await setup.coordinator.commit('g', committerOf(member), [offsetOf(5)]);
  await setup.coordinator.commit('g', committerOf(member), [offsetOf(9)]);
  const successor = await setUp(setup.offsetsLog);
  expect(successor.coordinator.committedOffsets('g')).toEqual(setup.coordinator.committedOffsets('g'));
  for (const { memberId, generationId } of members) {
    expect(successor.coordinator.heartbeat('g', { memberId, groupInstanceId: null }, generationId)).toBe(
      errorCode.NONE,
    );
  }
});

it('sends everybody away when its partition has moved, and serves nothing before it has read the groups', async () => {
  const setup = await setUp();
  const [member] = await stable(setup, 1);
  if (!member) throw new Error('no member');
  const waiting = setup.coordinator.join('g', joinCommand('', { clientId: 'second' }));
  setup.coordinator.resigned(0);
  expect((await waiting).errorCode).toBe(errorCode.NOT_COORDINATOR);
  expect(await setup.coordinator.commit('g', committerOf(member), [offsetOf(1)])).toEqual([errorCode.NOT_COORDINATOR]);
  const loading = setup.coordinator.elected(0, 2);
  expect(setup.coordinator.committedOffsets('g').errorCode).toBe(errorCode.COORDINATOR_LOAD_IN_PROGRESS);
  // Cut off from the quorum it cannot promise to be ready soon (simulation seed 4442 with --engines 2).
  setup.quorum.isInTouch = false;
  expect(await setup.coordinator.join('g', joinCommand(''))).toMatchObject({ errorCode: errorCode.NOT_COORDINATOR });
  setup.quorum.isInTouch = true;
  await loading;
  expect(setup.coordinator.committedOffsets('g').errorCode).toBe(errorCode.NONE);
});

it('sends members back to join when the assignments could not be written', async () => {
  const setup = await setUp();
  const members = await joinAll(setup, 1);
  const [member] = members;
  if (!member) throw new Error('no member');
  setup.offsetsLog.failWith = errorCode.NOT_ENOUGH_REPLICAS;
  expect((await syncOf(setup, member, members)).errorCode).toBe(errorCode.COORDINATOR_NOT_AVAILABLE);
  expect(setup.coordinator.describe('g')).toMatchObject({ phase: 'PreparingRebalance' });
});

it('sends members to look for the coordinator when the assignments are not written in time', async () => {
  const setup = await setUp();
  const [member] = (await joinAll(setup, 1)) as [JoinAnswer];
  setup.offsetsLog.holds = true;
  const synced = syncOf(setup, member, [member]);
  setup.clock.advance(4_900);
  let isAnswered = false;
  void Promise.resolve(synced).then(() => {
    isAnswered = true;
  });
  await Promise.resolve();
  expect(isAnswered).toBe(false);
  setup.clock.advance(200);
  expect(await synced).toMatchObject({ errorCode: errorCode.COORDINATOR_NOT_AVAILABLE });
});

it.each([2n ** 60n + 1n, 2n ** 63n - 1n, -(2n ** 63n), 2n ** 53n, 2 ** 53 - 1, -1])(
  'keeps the offset %s exactly, for the next coordinator too',
  async (offset) => {
    const setup = await setUp();
    const nobody = { memberId: '', generationId: -1, groupInstanceId: null, missingGroup };
    const commit = { ...offsetOf(0), offset };
    expect(await setup.coordinator.commit('g', nobody, [commit])).toEqual([errorCode.NONE]);
    expect(setup.coordinator.committedOffsets('g').offsets.get('t')?.get(0)?.offset).toBe(offset);
    const successor = await setUp(setup.offsetsLog);
    expect(successor.coordinator.committedOffsets('g').offsets.get('t')?.get(0)?.offset).toBe(offset);
  },
);

it('forgets the offsets of a deleted topic, so that a new one of that name is read from its start', async () => {
  const setup = await setUp();
  const nobody = { memberId: '', generationId: -1, groupInstanceId: null, missingGroup };
  await setup.coordinator.commit('g', nobody, [offsetOf(5), { ...offsetOf(6), topic: 'other' }]);
  await setup.coordinator.topicsDeleted(new Set(['t']));
  expect([...setup.coordinator.committedOffsets('g').offsets.keys()]).toEqual(['other']);
  await setup.coordinator.commit('g', nobody, [offsetOf(1)]);
  const successor = await setUp(setup.offsetsLog, new Set(['t', 'other']));
  expect(successor.coordinator.committedOffsets('g').offsets.get('t')?.get(0)?.offset).toBe(1);
});

it('forgets the offsets of topics that were deleted while nobody coordinated the group', async () => {
  const setup = await setUp();
  await setup.coordinator.commit('g', { memberId: '', generationId: -1, groupInstanceId: null, missingGroup }, [
    offsetOf(5),
  ]);
  const successor = await setUp(setup.offsetsLog, new Set());
  expect(successor.coordinator.committedOffsets('g').offsets.size).toBe(0);
});

it('deletes a group without members for good, and no other', async () => {
  const setup = await setUp();
  const [member] = await stable(setup, 1);
  if (!member) throw new Error('no member');
  await setup.coordinator.commit('g', committerOf(member), [offsetOf(5)]);
  expect(await setup.coordinator.delete('g')).toBe(errorCode.NON_EMPTY_GROUP);
  setup.coordinator.leave('g', [{ memberId: member.memberId, groupInstanceId: null }]);
  expect(await setup.coordinator.delete('g')).toBe(errorCode.NONE);
  expect(await setup.coordinator.delete('g')).toBe(errorCode.GROUP_ID_NOT_FOUND);
  // The session of the member that has left would have ended now.
  setup.clock.advance(60_000);
  expect(setup.coordinator.list().groups).toEqual([]);
  const successor = await setUp(setup.offsetsLog);
  expect(successor.coordinator.list().groups).toEqual([]);
});

it.each([
  ['an empty group id', '', joinCommand(''), errorCode.INVALID_GROUP_ID],
  [
    'a session timeout below the bound',
    'g',
    joinCommand('', { sessionTimeoutMs: 10 }),
    errorCode.INVALID_SESSION_TIMEOUT,
  ],
  ['no protocols', 'g', joinCommand('', { protocols: [] }), errorCode.INCONSISTENT_GROUP_PROTOCOL],
  ['a member nobody knows', 'g', joinCommand('stranger'), errorCode.UNKNOWN_MEMBER_ID],
])('refuses a join with %s', async (_, groupId, command, code) => {
  const { coordinator } = await setUp();
  expect((await coordinator.join(groupId, command)).errorCode).toBe(code);
});

it('refuses a member of another protocol type and one too many', async () => {
  const setup = await setUp();
  await stable(setup, 4);
  const other = await setup.coordinator.join('g', joinCommand('', { protocolType: 'connect' }));
  expect(other.errorCode).toBe(errorCode.INCONSISTENT_GROUP_PROTOCOL);
  expect((await setup.coordinator.join('g', joinCommand(''))).errorCode).toBe(errorCode.GROUP_MAX_SIZE_REACHED);
});

describe('a coordinator that is read back', () => {
  const nobody = { memberId: '', generationId: -1, groupInstanceId: null, missingGroup };

  it('passes over what a newer version wrote, of groups and of offsets', async () => {
    const setup = await setUp();
    await setup.coordinator.commit('g', nobody, [offsetOf(5)]);
    await setup.coordinator.commit('g', nobody, [offsetOf(6)]);
    const [older, newer] = setup.offsetsLog.records.slice(-2) as [StoredRecord, StoredRecord];
    newer.value?.writeInt16BE(77, 0);
    const other = Buffer.from(older.key);
    other.writeInt16BE(21, 0);
    setup.offsetsLog.records.push({ key: other, value: Buffer.from('anything'), offset: newer.offset + 1 });
    const successor = await setUp(setup.offsetsLog);
    expect(successor.coordinator.committedOffsets('g').offsets.get('t')?.get(0)?.offset).toBe(5);
    expect(successor.coordinator.loadCounts).toMatchObject({ unknownKeys: 1, unknownValues: 1 });
  });

  it('sends clients away, instead of letting them wait, where a record cannot be read', async () => {
    const setup = await setUp();
    setup.offsetsLog.records.push({ key: Buffer.from([0, 1, 0, 9, 1]), value: null, offset: 0 });
    const successor = await setUp(setup.offsetsLog);
    expect(successor.coordinator.committedOffsets('g').errorCode).toBe(errorCode.NOT_COORDINATOR);
    const claim = { memberId: 'm', groupInstanceId: null };
    expect(successor.coordinator.heartbeat('g', claim, 1)).toBe(errorCode.NOT_COORDINATOR);
    expect(successor.coordinator.partitionsIn('failed')).toBe(1);
  });

  it('has no member that had not been given a part yet', async () => {
    const setup = await setUp();
    const members = await stable(setup, 1);
    void setup.coordinator.join('g', joinCommand('', { clientId: 'second' }));
    const successor = await setUp(setup.offsetsLog);
    expect(successor.coordinator.describe('g')).toMatchObject({
      phase: 'Stable',
      members: [{ memberId: members[0]?.memberId, assignment: Buffer.from(`part of ${members[0]?.memberId}`) }],
    });
  });
});

it('tells no offsets while it has not heard of the quorum', async () => {
  const setup = await setUp();
  const [member] = await stable(setup, 1);
  if (!member) throw new Error('no member');
  await setup.coordinator.commit('g', committerOf(member), [offsetOf(5)]);
  setup.quorum.isInTouch = false;
  expect(setup.coordinator.committedOffsets('g')).toEqual({
    errorCode: errorCode.NOT_COORDINATOR,
    offsets: new Map(),
  });
  setup.quorum.isInTouch = true;
  expect(setup.coordinator.committedOffsets('g').offsets.get('t')?.get(0)?.offset).toBe(5);
});

describe('a static member that is back', () => {
  const instance = { groupInstanceId: 'till-1' };

  async function returning(setup: Setup) {
    const first = await setup.coordinator.join('g', joinCommand('', instance));
    await syncOf(setup, first, [first], 'till-1');
    setup.offsetsLog.holds = true;
    return { first, back: setup.coordinator.join('g', joinCommand('', instance)) as Promise<JoinAnswer> };
  }

  it('is answered when its new id is written, so that the next coordinator knows it', async () => {
    const setup = await setUp();
    const { first, back } = await returning(setup);
    let isAnswered = false;
    void back.then(() => {
      isAnswered = true;
    });
    for (let turn = 0; turn < 20; turn++) await Promise.resolve();
    expect(isAnswered).toBe(false);
    setup.offsetsLog.release();
    const { memberId, generationId } = await back;
    expect(generationId).toBe(first.generationId);
    const successor = await setUp(setup.offsetsLog);
    expect(successor.coordinator.heartbeat('g', { memberId, ...instance }, generationId)).toBe(errorCode.NONE);
  });

  it('is sent to look for the coordinator when its id could not be written, and the group is rebalanced', async () => {
    const setup = await setUp();
    const first = await setup.coordinator.join('g', joinCommand('', instance));
    await syncOf(setup, first, [first], 'till-1');
    setup.offsetsLog.failWith = errorCode.NOT_ENOUGH_REPLICAS;
    const back = await setup.coordinator.join('g', joinCommand('', instance));
    expect(back.errorCode).toBe(errorCode.COORDINATOR_NOT_AVAILABLE);
    expect(setup.coordinator.describe('g')).toMatchObject({ phase: 'PreparingRebalance' });
  });

  it('joins the rebalance that others began meanwhile, and is sent away when the partition moves', async () => {
    const setup = await setUp();
    const { first, back } = await returning(setup);
    const other = setup.coordinator.join('g', joinCommand('', { clientId: 'other' }));
    const [mine, theirs] = await Promise.all([back, other]);
    expect([mine.generationId, theirs.generationId]).toEqual([first.generationId + 1, first.generationId + 1]);
    setup.offsetsLog.release();
    const again = await setUp();
    const moved = await returning(again);
    again.coordinator.resigned(0);
    expect((await moved.back).errorCode).toBe(errorCode.NOT_COORDINATOR);
  });
});

it('keeps the members that asked for their part when others do not', async () => {
  const setup = await setUp();
  const members = await joinAll(setup, 3);
  const [leader, second, third] = members as [JoinAnswer, JoinAnswer, JoinAnswer];
  const waiting = [syncOf(setup, second, members), syncOf(setup, third, members)];
  for (let step = 0; step < 5; step++) setup.clock.advance(1_000);
  for (const answer of await Promise.all(waiting)) expect(answer.errorCode).toBe(errorCode.REBALANCE_IN_PROGRESS);
  const view = setup.coordinator.describe('g');
  const left = typeof view === 'object' ? view.members.map(({ memberId }) => memberId) : [];
  expect(left.toSorted()).toEqual([second.memberId, third.memberId].toSorted());
  expect(left).not.toContain(leader.memberId);
});

it('leaves nothing of a group that was deleted while a commit to it was on its way', async () => {
  const setup = await setUp();
  const nobody = { memberId: '', generationId: -1, groupInstanceId: null, missingGroup };
  await setup.coordinator.commit('g', nobody, [offsetOf(5)]);
  setup.offsetsLog.holds = true;
  const commit = setup.coordinator.commit('g', nobody, [{ ...offsetOf(6), partition: 1 }]);
  const deletion = setup.coordinator.delete('g');
  expect(await setup.coordinator.commit('g', nobody, [offsetOf(7)])).toEqual([errorCode.COORDINATOR_NOT_AVAILABLE]);
  setup.offsetsLog.release();
  expect(await commit).toEqual([errorCode.NONE]);
  for (let turn = 0; turn < 20; turn++) await Promise.resolve();
  setup.offsetsLog.release();
  expect(await deletion).toBe(errorCode.NONE);
  const tombstones = setup.offsetsLog.records.filter(({ value }) => value === null);
  expect(tombstones).toHaveLength(3);
  expect(setup.coordinator.list().groups).toEqual([]);
});

it('opens a group again that could not be deleted', async () => {
  const setup = await setUp();
  const nobody = { memberId: '', generationId: -1, groupInstanceId: null, missingGroup };
  await setup.coordinator.commit('g', nobody, [offsetOf(5)]);
  setup.offsetsLog.failWith = errorCode.NOT_ENOUGH_REPLICAS;
  expect(await setup.coordinator.delete('g')).toBe(errorCode.COORDINATOR_NOT_AVAILABLE);
  setup.offsetsLog.failWith = errorCode.NONE;
  expect(await setup.coordinator.commit('g', nobody, [offsetOf(6)])).toEqual([errorCode.NONE]);
});
