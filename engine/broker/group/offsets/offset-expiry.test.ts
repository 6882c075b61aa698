import { expect, it } from 'vitest';
import { errorCode } from '../../../protocol/error-codes.ts';
import { topicsOf } from '../testing/consumer-limits.ts';
import type { ConsumerSetup } from '../testing/consumer-setup.ts';
import { consumerSetUp, coordinatorOn, TestMember } from '../testing/consumer-setup.ts';

const hourMs = 3_600_000;
const checkMs = 600_000;

async function turns(): Promise<void> {
  for (let turn = 0; turn < 50; turn++) await Promise.resolve();
}

/** Time in which every check has its turn; members send heartbeats meanwhile. */
async function pass({ clock }: ConsumerSetup, ms: number, ...members: readonly TestMember[]): Promise<void> {
  for (let passed = 0; passed < ms; passed += 5_000) {
    clock.advance(5_000);
    for (const member of members) await member.beat();
    if (passed % checkMs === 0) await turns();
  }
  await turns();
}

const nobody = { memberId: '', generationId: -1, groupInstanceId: null, missingGroup: errorCode.ILLEGAL_GENERATION };

function offsetOf(topic: string, partition = 0) {
  return { topic, partition, offset: 5, leaderEpoch: 0, metadata: '' };
}

function committed({ coordinator }: ConsumerSetup): string[] {
  return [...coordinator.committedOffsets('g').offsets].flatMap(([topic, partitions]) =>
    [...partitions.keys()].map((partition) => `${topic}-${partition}`),
  );
}

it('forgets offsets of a group without members after their time, and the group with the last of them', async () => {
  const setup = await consumerSetUp();
  await setup.coordinator.commit('g', nobody, [offsetOf('t', 0)]);
  await pass(setup, hourMs / 2);
  await setup.coordinator.commit('g', nobody, [offsetOf('t', 1)]);
  await pass(setup, hourMs / 2 + checkMs);
  expect(committed(setup)).toEqual(['t-1']);
  await pass(setup, hourMs / 2 + checkMs);
  expect(setup.coordinator.list().groups).toEqual([]);
  expect((await coordinatorOn(setup)).list().groups).toEqual([]);
});

it('keeps offsets of topics that a member of the consumer protocol reads, and counts the others from their commit', async () => {
  const setup = await consumerSetUp({ t: 1, u: 1 });
  const member = new TestMember(setup, 'a', { subscribedTopicNames: ['t'] });
  await member.beat();
  const committer = { ...nobody, memberId: 'a', generationId: member.epoch };
  await setup.coordinator.commit('g', committer, [offsetOf('t'), offsetOf('u')]);
  await pass(setup, hourMs + 2 * checkMs, member);
  expect(committed(setup)).toEqual(['t-0']);
  await member.send({ memberEpoch: -1 });
  await pass(setup, 2 * checkMs);
  expect(setup.coordinator.list().groups).toEqual([]);
  expect((await coordinatorOn(setup)).list().groups).toEqual([]);
});

it('counts the offsets of a classic group from when its last member left', async () => {
  const setup = await consumerSetUp();
  const joined = await setup.coordinator.join('g', {
    memberId: '',
    groupInstanceId: null,
    requiresKnownMemberId: false,
    canSkipAssignment: true,
    clientId: 'c',
    clientHost: '/127.0.0.1',
    sessionTimeoutMs: 10_000,
    rebalanceTimeoutMs: 10_000,
    protocolType: 'connect',
    protocols: [{ name: 'p', metadata: Buffer.from('x') }],
  });
  const { memberId, generationId } = joined;
  const claim = { memberId, groupInstanceId: null };
  await setup.coordinator.sync('g', {
    ...claim,
    generationId,
    protocolType: null,
    protocolName: null,
    assignments: [{ memberId, assignment: Buffer.from('a') }],
  });
  await setup.coordinator.commit('g', { ...nobody, memberId, generationId }, [offsetOf('t')]);
  for (let passed = 0; passed < 2 * hourMs; passed += 5_000) {
    setup.clock.advance(5_000);
    expect(await setup.coordinator.heartbeat('g', claim, generationId)).toBe(errorCode.NONE);
  }
  await turns();
  expect(committed(setup)).toEqual(['t-0']);
  await setup.coordinator.leave('g', [claim]);
  await pass(setup, hourMs / 2);
  expect(committed(setup)).toEqual(['t-0']);
  await pass(setup, hourMs / 2 + 2 * checkMs);
  expect(setup.coordinator.list().groups).toEqual([]);
});

it('forgets by request the offsets of topics that nobody reads', async () => {
  const setup = await consumerSetUp({ t: 1, u: 1 });
  setup.topics = topicsOf({ t: 1, u: 1 });
  expect(await setup.coordinator.deleteOffsets('g', [offsetOf('t')])).toMatchObject({
    errorCode: errorCode.GROUP_ID_NOT_FOUND,
  });
  const member = new TestMember(setup, 'a', { subscribedTopicNames: ['t'] });
  await member.beat();
  const committer = { ...nobody, memberId: 'a', generationId: member.epoch };
  await setup.coordinator.commit('g', committer, [offsetOf('t'), offsetOf('u')]);
  const asked = [offsetOf('t'), offsetOf('u'), offsetOf('u', 7)];
  expect(await setup.coordinator.deleteOffsets('g', asked)).toEqual({
    errorCode: errorCode.NONE,
    codes: [errorCode.GROUP_SUBSCRIBED_TO_TOPIC, errorCode.NONE, errorCode.NONE],
  });
  expect(committed(setup)).toEqual(['t-0']);
  await member.send({ memberEpoch: -1 });
  await setup.coordinator.deleteOffsets('g', asked);
  expect(committed(setup)).toEqual([]);
});
