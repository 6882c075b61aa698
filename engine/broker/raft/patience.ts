import type { RaftEvent } from './raft-input.ts';
import type { RaftState } from './raft-state.ts';

/**
 * By how much timeouts are longer than set: 1 in a quiet quorum. Where the machines are so loaded that no leader is heard
 * in time, each term that fails doubles it, up to `patienceMax`, so that an election is won by somebody who stays; the first
 * calm term resets it.
 */
export function patienceOf({ settings, failedTerms }: RaftState): number {
  return Math.min(settings.patienceMax, 2 ** Math.min(failedTerms, 20));
}

/** The fetch timeout of a new deadline: once terms have failed it is spread as well, so that not all give up at once. */
export function fetchTimeoutMs(state: RaftState, chance: number): number {
  const spread = state.failedTerms > 0 ? 1 + chance / 2 : 1;
  return state.settings.fetchTimeoutMs * patienceOf(state) * spread;
}

/** Whether a term that began at `sinceMs` and works at `nowMs` has lasted long enough to count as calm. */
export function isCalmTerm(state: RaftState, sinceMs: number, nowMs: number): boolean {
  return nowMs - sinceMs >= state.settings.fetchTimeoutMs * patienceOf(state);
}

/**
 * Counts a term that has ended within a step before it was calm. A leader that left on purpose, or whose connections are
 * refused, says nothing about load.
 */
export function noteFailedTerm(before: RaftState, after: RaftState, event: RaftEvent): RaftState {
  const { role, epoch, leaderId } = before;
  if (role.kind !== 'follower' && role.kind !== 'leader') return after;
  if (epoch === after.epoch && leaderId === after.leaderId) return after;
  const isFarewell = event.type === 'resign' || (event.type === 'request' && event.request.type === 'end');
  const isGone = role.kind === 'follower' && role.unreachableSinceMs !== undefined;
  return role.isCalm || isFarewell || isGone ? after : { ...after, failedTerms: after.failedTerms + 1 };
}
