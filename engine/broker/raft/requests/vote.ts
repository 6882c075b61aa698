import { lastEpoch } from '../log-view.ts';
import type { RaftError, VoteRequest } from '../raft-message.ts';
import type { RaftState } from '../raft-state.ts';
import { becomeUnattached } from '../roles/unattached.ts';
import type { Turn } from '../turn.ts';
import { electionDeadline } from '../turn.ts';
import { latestVoters } from '../voter-sets.ts';
import { visibleLeader } from './visible-leader.ts';

/** Gives, or refuses, a vote or a pre-vote. */
export function handleVote(turn: Turn, replyTo: number, request: VoteRequest): void {
  // Where voters change, the asker's set may be newer than this member's: a vote is refused only where the disk that it is asked
  // of is not this one (KIP-853). Voters that never change are known to everybody.
  const isKnown = latestVoters(turn.state) !== undefined || turn.state.settings.voters.includes(request.candidateId);
  const { directoryId } = turn.state.settings;
  const asked = request.voterDirectoryId;
  const isSameDisk = asked === '' || directoryId === '' || asked === directoryId;
  const isMeant = isKnown && isSameDisk;
  if (isMeant && request.epoch > turn.state.epoch) becomeUnattached(turn, request.epoch);
  const granted = isMeant && request.epoch === turn.state.epoch && wouldVoteFor(turn.state, request);
  if (granted && !request.preVote) castVote(turn, request.candidateId);
  turn.effects.push({
    type: 'reply',
    replyTo,
    reply: { type: 'vote', error: voteError(isKnown, isSameDisk), ...visibleLeader(turn.state), granted },
  });
}

function voteError(isKnown: boolean, isSameDisk: boolean): RaftError {
  if (!isKnown) return 'INVALID_REQUEST';
  return isSameDisk ? 'NONE' : 'INVALID_VOTER_KEY';
}

function castVote(turn: Turn, candidateId: number): void {
  const { role } = turn.state;
  turn.state = { ...turn.state, votedFor: candidateId };
  // The winner needs time to make itself known: do not compete with the candidate just voted for.
  if (role.kind === 'unattached')
    turn.state = { ...turn.state, role: { ...role, electionDeadlineMs: electionDeadline(turn) } };
}

function wouldVoteFor(state: RaftState, request: VoteRequest): boolean {
  if (!isUpToDate(state, request)) return false;
  if (request.preVote) return acceptsPreVote(state);
  if (state.votedFor !== -1) return state.votedFor === request.candidateId;
  return state.role.kind === 'unattached' || state.role.kind === 'prospective';
}

/** A member that hears from its leader refuses, so that a cut-off member cannot depose a healthy leader. */
function acceptsPreVote({ role }: RaftState): boolean {
  return role.kind === 'follower' ? !role.hasFetched : role.kind !== 'leader';
}

function isUpToDate({ log }: RaftState, request: VoteRequest): boolean {
  const own = lastEpoch(log);
  return request.lastEpoch > own || (request.lastEpoch === own && request.endOffset >= log.endOffset);
}
