import { expect, it } from 'vitest';
import type { LeaderRole } from '../partition-state.ts';
import type { FollowerProgress } from './follower-progress.ts';
import { progressAtElection } from './follower-progress.ts';
import { nextHighWatermark } from './high-watermark.ts';

/** Broker 1 leads; `ends` are the acknowledged end offsets of the others, -1 for none in this epoch. */
function role(ends: Record<number, number>, sets: Partial<LeaderRole>): LeaderRole {
  const followers = new Map<number, FollowerProgress>();
  for (const [id, endOffset] of Object.entries(ends))
    followers.set(Number(id), { ...progressAtElection(false, 0), endOffset });
  return {
    kind: 'leader',
    leaderEpoch: 3,
    partitionEpoch: 7,
    epochStartOffset: 0,
    replicas: [1, ...followers.keys()],
    isr: [1, ...followers.keys()],
    pendingIsr: undefined,
    followers,
    ...sets,
  };
}

function next(input: {
  ends: Record<number, number>;
  sets?: Partial<LeaderRole>;
  current?: number;
  minInsync?: number;
  caughtUp?: number;
  eligible?: boolean;
}): number {
  const leader = role(input.ends, input.sets ?? {});
  const level = input.caughtUp === undefined ? undefined : leader.followers.get(input.caughtUp);
  if (level) leader.followers.set(input.caughtUp as number, { ...level, lastCaughtUpMs: 90 });
  return nextHighWatermark({
    role: leader,
    current: input.current ?? 5,
    leaderEndOffset: 10,
    minInsyncReplicas: input.minInsync ?? 1,
    nowMs: 100,
    lagTimeMaxMs: 30,
    isEligible: () => input.eligible ?? true,
  });
}

it.each([
  ['a single replica commits what it has', { ends: {} }, 10],
  ['the lowest of the in-sync set counts', { ends: { 2: 8, 3: 9 } }, 8],
  ['it never goes back', { ends: { 2: 3, 3: 9 } }, 5],
  ['a member that has acknowledged nothing in this epoch holds it', { ends: { 2: -1, 3: 9 } }, 5],
  ['a replica outside the set does not', { ends: { 2: 6, 3: 9 }, sets: { isr: [1, 3] } }, 9],
  ['a member being removed still counts', { ends: { 2: 6, 3: 9 }, sets: { pendingIsr: [1, 3] } }, 6],
  ['a member being added counts already', { ends: { 2: 6, 3: 9 }, sets: { isr: [1, 3], pendingIsr: [1, 3, 2] } }, 6],
  ['below the minimum it stands still', { ends: { 2: 9 }, sets: { isr: [1] }, minInsync: 2 }, 5],
  ['the minimum is no more than the replicas', { ends: {}, minInsync: 2 }, 10],
  [
    'a pending member does not make up the minimum',
    { ends: { 2: 9 }, sets: { isr: [1], pendingIsr: [1, 2] }, minInsync: 2 },
    5,
  ],
  ['a caught-up replica that may join is waited for', { ends: { 2: 7, 3: 9 }, sets: { isr: [1, 3] }, caughtUp: 2 }, 7],
  ['one that may not join is not', { ends: { 2: 7, 3: 9 }, sets: { isr: [1, 3] }, caughtUp: 2, eligible: false }, 9],
])('%s', (_, input, expected) => {
  expect(next(input)).toBe(expected);
});
