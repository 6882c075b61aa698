import type { RaftEvent } from '../raft-input.ts';
import { noteBallot } from '../roles/election.ts';
import type { Turn } from '../turn.ts';
import { handleFetchFailure, handleFetchReply, handleSnapshotReply } from './fetch.ts';
import { observeLeader } from './observe-leader.ts';

/** An answer to one of our requests. Answers to a role or epoch that has passed only tell of newer leaders. */
export function handleResponse(turn: Turn, event: Extract<RaftEvent, { type: 'response' }>): void {
  const { request, reply, from } = event;
  observeLeader(turn, from, reply.epoch, reply.leaderId);
  const { role, epoch } = turn.state;
  if (request.type === 'vote' && reply.type === 'vote') {
    if (isCurrentBallot(turn, request)) noteBallot(turn, from, reply.granted ? 'granted' : 'rejected');
    return;
  }
  if (request.type === 'begin' && role.kind === 'leader' && request.epoch === epoch && reply.error === 'NONE') {
    noteAcknowledged(turn, from);
    return;
  }
  if (role.kind !== 'follower' || role.fetchId !== event.requestId) return;
  if (reply.type === 'fetch') {
    handleFetchReply(turn, role, reply, event.records);
    return;
  }
  if (reply.type === 'snapshot') {
    handleSnapshotReply(turn, role, reply, event.chunk);
    return;
  }
}

/** No answer to one of our requests. */
export function handleFailure(turn: Turn, event: Extract<RaftEvent, { type: 'failure' }>): void {
  const { request, from } = event;
  const { role } = turn.state;
  if (request.type === 'vote' && isCurrentBallot(turn, request)) {
    noteBallot(turn, from, 'unsent');
    return;
  }
  if (role.kind === 'follower' && role.fetchId === event.requestId) handleFetchFailure(turn, role, event.unreachable);
}

function isCurrentBallot({ state }: Turn, request: { readonly epoch: number; readonly preVote: boolean }): boolean {
  return request.epoch === state.epoch && state.role.kind === (request.preVote ? 'prospective' : 'candidate');
}

function noteAcknowledged(turn: Turn, from: number): void {
  const { role } = turn.state;
  if (role.kind !== 'leader') return;
  const progress = role.voters.get(from);
  if (!progress) return;
  const voters = new Map(role.voters).set(from, { ...progress, acknowledged: true });
  turn.state = { ...turn.state, role: { ...role, voters } };
}
