import { lastEpoch } from '../log-view.ts';
import type { VoteRequest } from '../raft-message.ts';
import type { RaftState } from '../raft-state.ts';
import { becomeUnattached } from '../roles/unattached.ts';
import type { Turn } from '../turn.ts';
import { electionDeadline } from '../turn.ts';
import { visibleLeader } from './visible-leader.ts';

/** Gives, or refuses, a vote or a pre-vote. */
export function handleVote(turn: Turn, replyTo: number, request: VoteRequest): void {
  const isVoter = turn.state.settings.voters.includes(request.candidateId);
  if (isVoter && request.epoch > turn.state.epoch) becomeUnattached(turn, request.epoch);
  const granted = isVoter && request.epoch === turn.state.epoch && wouldVoteFor(turn.state, request);
  if (granted && !request.preVote) castVote(turn, request.candidateId);
  turn.effects.push({
    type: 'reply',
    replyTo,
    reply: { type: 'vote', error: isVoter ? 'NONE' : 'INVALID_REQUEST', ...visibleLeader(turn.state), granted },
  });
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
