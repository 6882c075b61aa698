import { describe, expect, it } from 'vitest';
import type { LeaderRole } from '../partition-state.ts';
import type { FollowerProgress } from './follower-progress.ts';
import { isCaughtUp, progressAfterFetch, progressAtElection } from './follower-progress.ts';
import { planExpansion, planShrink } from './isr-policy.ts';

function leader(followers: ReadonlyMap<number, FollowerProgress>, sets: Partial<LeaderRole> = {}): LeaderRole {
  return {
    kind: 'leader',
    leaderEpoch: 1,
    partitionEpoch: 1,
    epochStartOffset: 8,
    replicas: [1, 2, 3],
    isr: [1, 3],
    pendingIsr: undefined,
    followers: new Map(followers),
    ...sets,
  };
}

const fresh = progressAtElection(false, 0);

describe('expansion', () => {
  const eligible = { epoch: 20, isEligible: true };
  it.each([
    ['adds a follower at the high watermark and the epoch start', { endOffset: 8 }, {}, eligible, [1, 3, 2]],
    ['not below the high watermark', { endOffset: 5 }, { epochStartOffset: 0 }, eligible, undefined],
    ['not below the start of the epoch', { endOffset: 7 }, {}, eligible, undefined],
    ['not while a change is pending', { endOffset: 8 }, { pendingIsr: [1] }, eligible, undefined],
    ['not a fenced broker', { endOffset: 8 }, {}, { epoch: 20, isEligible: false }, undefined],
    ['not an unknown broker', { endOffset: 8 }, {}, undefined, undefined],
    ['not an earlier incarnation', { endOffset: 8, brokerEpoch: 19 }, {}, eligible, undefined],
    ['the present incarnation', { endOffset: 8, brokerEpoch: 20 }, {}, eligible, [1, 3, 2]],
  ])('%s', (_, progress, sets, broker, expected) => {
    const role = leader(new Map([[2, { ...fresh, ...progress }]]), sets);
    expect(planExpansion(role, 2, { highWatermark: 6, broker })).toEqual(expected);
  });
});

describe('shrink', () => {
  const now = { leaderEndOffset: 10, nowMs: 100, lagTimeMaxMs: 30 };
  it.each([
    ['keeps a level member however long ago it fetched', { endOffset: 10, lastCaughtUpMs: 0 }, undefined],
    ['keeps a member that was level within the lag time', { endOffset: 4, lastCaughtUpMs: 70 }, undefined],
    ['drops one that was not', { endOffset: 9, lastCaughtUpMs: 69 }, [1]],
    ['drops one that has not fetched in this epoch', { endOffset: -1, lastCaughtUpMs: 0 }, [1]],
  ])('%s', (_, progress, expected) => {
    expect(planShrink(leader(new Map([[3, { ...fresh, ...progress }]])), now)).toEqual(expected);
  });

  it('never drops the leader, and changes nothing while a change is pending', () => {
    const lagging = new Map([[3, { ...fresh, endOffset: 0 }]]);
    expect(planShrink(leader(lagging), now)).toEqual([1]);
    expect(planShrink(leader(lagging, { pendingIsr: [1, 3, 2] }), now)).toBeUndefined();
  });
});

describe('progress', () => {
  const fetch = { startOffset: 0, brokerEpoch: 1 };
  it('counts a follower as caught up when it reaches the end that the leader had at its previous fetch', () => {
    let progress = progressAtElection(true, 0);
    progress = progressAfterFetch(progress, { ...fetch, fetchOffset: 5, leaderEndOffset: 10, nowMs: 50 });
    expect(progress.lastCaughtUpMs).toBe(0);
    progress = progressAfterFetch(progress, { ...fetch, fetchOffset: 10, leaderEndOffset: 20, nowMs: 60 });
    expect(progress.lastCaughtUpMs).toBe(50);
    progress = progressAfterFetch(progress, { ...fetch, fetchOffset: 20, leaderEndOffset: 20, nowMs: 70 });
    expect(progress.lastCaughtUpMs).toBe(70);
  });

  it('does not count a first fetch of nothing as caught up with an unknown past', () => {
    const progress = progressAfterFetch(fresh, { ...fetch, fetchOffset: 0, leaderEndOffset: 10, nowMs: 50 });
    expect(isCaughtUp(progress, { leaderEndOffset: 10, nowMs: 50, lagTimeMaxMs: 30 })).toBe(false);
  });
});
