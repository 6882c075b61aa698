import { expect, it } from 'vitest';
import { errorCode } from '../../protocol/error-codes.ts';
import { defaultLogConfig } from '../log/log-config.ts';
import { checkLeaderEpoch } from './leader-epoch-check.ts';
import type { PartitionAssignment } from './partition-assignment.ts';
import type { LeaderRole, PartitionRole } from './partition-state.ts';
import { roleAfter } from './partition-state.ts';

const context = { localId: 1, endOffset: 42, nowMs: 1_000 };

function assignment(changes: Partial<PartitionAssignment> = {}): PartitionAssignment {
  return {
    topic: 'orders',
    topicId: 'ordersAAAAAAAAAAAAAAAA',
    partition: 0,
    replicas: [1, 2, 3],
    isr: [1, 2],
    leader: 1,
    leaderEpoch: 5,
    partitionEpoch: 9,
    config: defaultLogConfig,
    ...changes,
  };
}

function roleFrom(role: PartitionRole | undefined, changes: Partial<PartitionAssignment> = {}): PartitionRole {
  const change = roleAfter(role, assignment(changes), context);
  if (change.kind === 'stale') throw new Error('stale');
  return change.role;
}

const elected = roleFrom(undefined) as LeaderRole;

it('begins an epoch at the log’s end with nothing acknowledged', () => {
  expect(elected).toMatchObject({ kind: 'leader', leaderEpoch: 5, epochStartOffset: 42, pendingIsr: undefined });
  expect([...elected.followers]).toMatchObject([
    [2, { endOffset: -1, lastCaughtUpMs: 1_000 }],
    [3, { endOffset: -1, lastCaughtUpMs: Number.NEGATIVE_INFINITY }],
  ]);
});

it('forgets acknowledgements when it is elected again: only those of the same epoch count', () => {
  const before = elected.followers.get(2);
  if (before) elected.followers.set(2, { ...before, endOffset: 40 });
  const again = roleAfter(elected, assignment({ leaderEpoch: 6, partitionEpoch: 10 }), context);
  expect(again).toMatchObject({ kind: 'elected' });
  expect((again as { role: LeaderRole }).role.followers.get(2)?.endOffset).toBe(-1);
});

it('keeps acknowledgements within an epoch, and lets newer metadata settle a pending set', () => {
  const before = elected.followers.get(2);
  if (before) elected.followers.set(2, { ...before, endOffset: 40 });
  const pending: LeaderRole = { ...elected, pendingIsr: [1, 2, 3] };
  const same = roleFrom(pending) as LeaderRole;
  expect(same).toMatchObject({ pendingIsr: [1, 2, 3], isr: [1, 2] });
  const newer = roleFrom(pending, { partitionEpoch: 10, isr: [1, 2, 3] }) as LeaderRole;
  expect(newer).toMatchObject({ pendingIsr: undefined, isr: [1, 2, 3], epochStartOffset: 42 });
  expect(newer.followers.get(2)?.endOffset).toBe(40);
});

it.each([
  ['an older leader epoch', { leaderEpoch: 4, partitionEpoch: 20, leader: 2 }],
  ['an older partition epoch', { partitionEpoch: 8, isr: [1] }],
])('ignores %s', (_, changes) => {
  expect(roleAfter(elected, assignment(changes), context)).toEqual({ kind: 'stale' });
});

it('says when a leadership ends and when a follower has to reconcile', () => {
  const resigned = roleAfter(elected, assignment({ leader: 2, leaderEpoch: 6 }), context);
  expect(resigned).toMatchObject({ kind: 'follows', resigned: true, newEpoch: true, role: { leader: 2 } });
  const follower = roleFrom(undefined, { leader: 2 });
  const update = roleAfter(follower, assignment({ leader: 2, partitionEpoch: 10 }), context);
  expect(update).toMatchObject({ kind: 'follows', resigned: false, newEpoch: false });
});

it.each([
  ['no replica here', undefined, 5, errorCode.NOT_LEADER_OR_FOLLOWER],
  ['the leader, any epoch', elected, -1, errorCode.NONE],
  ['the leader, its epoch', elected, 5, errorCode.NONE],
  ['the leader, an older epoch', elected, 4, errorCode.FENCED_LEADER_EPOCH],
  ['the leader, a newer epoch', elected, 6, errorCode.UNKNOWN_LEADER_EPOCH],
  ['a follower, its epoch', roleFrom(undefined, { leader: 2 }), 5, errorCode.NOT_LEADER_OR_FOLLOWER],
  ['a follower, an older epoch', roleFrom(undefined, { leader: 2 }), 4, errorCode.FENCED_LEADER_EPOCH],
])('fences requests by leader epoch: %s', (_, role, requested, expected) => {
  expect(checkLeaderEpoch(role, requested)).toBe(expected);
});
