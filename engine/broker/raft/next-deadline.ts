import type { Ballot, Candidate, Follower, Leader, Prospective, RaftState } from './raft-state.ts';
import { isToBeAsked } from './roles/election.ts';
import { checkQuorumDeadlineMs } from './roles/leader.ts';

/** When the driver must feed a `tick` at the latest, in monotonic milliseconds; Infinity when time alone changes nothing. */
export function nextDeadlineMs(state: RaftState): number {
  const { role } = state;
  switch (role.kind) {
    case 'unattached':
    case 'resigned':
      return role.electionDeadlineMs;
    case 'prospective':
    case 'candidate':
      return Math.min(
        role.electionDeadlineMs,
        ...[...role.ballots.values()].map((ballot) => ballotDueMs(ballot, role)),
      );
    case 'follower':
      return followerDueMs(state, role);
    case 'leader':
      return leaderDueMs(state, role);
  }
}

function ballotDueMs(ballot: Ballot, role: Prospective | Candidate): number {
  return isToBeAsked(ballot, role) ? ballot.sendAtMs : Number.POSITIVE_INFINITY;
}

function followerDueMs(state: RaftState, role: Follower): number {
  const unreachableMs =
    role.unreachableSinceMs === undefined
      ? Number.POSITIVE_INFINITY
      : role.unreachableSinceMs + state.settings.leaderUnreachableMs;
  const isIdle = role.fetchId === undefined && state.log.durableOffset >= state.log.endOffset;
  return Math.min(role.fetchDeadlineMs, unreachableMs, isIdle ? role.fetchAtMs : Number.POSITIVE_INFINITY);
}

function leaderDueMs(state: RaftState, role: Leader): number {
  let dueMs = checkQuorumDeadlineMs(state, role) ?? Number.POSITIVE_INFINITY;
  for (const voter of role.voters.values()) if (!voter.acknowledged) dueMs = Math.min(dueMs, voter.beginAtMs);
  for (const fetch of role.waiting.values()) dueMs = Math.min(dueMs, fetch.deadlineMs);
  return dueMs;
}
