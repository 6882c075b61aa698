import { assert } from '../../base/assert.ts';
import type { SnapshotId } from './log-view.ts';
import { withAppended, withStartAt } from './log-view.ts';
import { noteFailedTerm } from './patience.ts';
import type { RaftEffect } from './raft-effect.ts';
import type { RaftEvent, RaftInput } from './raft-input.ts';
import type { RaftState } from './raft-state.ts';
import { handleBeginEpoch, handleEndEpoch } from './requests/epoch.ts';
import { handleFetch, handleFetchSnapshot } from './requests/fetch.ts';
import { handleVote } from './requests/vote.ts';
import { handleFailure, handleResponse } from './responses/response.ts';
import { canvassWhenDue } from './roles/election.ts';
import { fetchWhenDue } from './roles/follower.ts';
import { advanceHighWatermark, announceWhenDue, answerWaitingFetches } from './roles/leader.ts';
import { becomeResigned } from './roles/resigned.ts';
import { changeVoters, leaveWhenRemoved } from './roles/voters.ts';
import { tick } from './tick.ts';
import type { Turn } from './turn.ts';
import { trimmedVoterSets } from './voter-sets.ts';

/**
 * One step of a member of the metadata quorum (KIP-595): takes what happened, returns the new state and what is to be
 * done about it, in order. Pure: no clock, no chance, no disk, no network. A broken invariant throws AssertionError.
 */
export function step(state: RaftState, input: RaftInput): { state: RaftState; effects: readonly RaftEffect[] } {
  const turn: Turn = { state, effects: [], nowMs: input.nowMs, chance: input.chance };
  apply(turn, input.event);
  // Whatever happened, a deadline that has passed meanwhile is honoured before new requests go out.
  if (input.event.type !== 'tick') tick(turn);
  turn.state = noteFailedTerm(state, turn.state, input.event);
  settle(turn);
  return {
    state: turn.state,
    effects: [...durableFirst(state, turn.state), ...turn.effects, ...committed(state, turn)],
  };
}

function apply(turn: Turn, event: RaftEvent): void {
  switch (event.type) {
    case 'tick':
      tick(turn);
      return;
    case 'request':
      handleRequest(turn, event);
      return;
    case 'response':
      handleResponse(turn, event);
      return;
    case 'failure':
      handleFailure(turn, event);
      return;
    case 'appended':
      noteAppended(turn, event.endOffset);
      return;
    case 'persisted':
      notePersisted(turn, event.endOffset, event.truncations);
      return;
    case 'snapshotTaken':
      noteSnapshot(turn, event.id);
      return;
    case 'changeVoters':
      changeVoters(turn, event.voters);
      return;
    case 'resign':
      becomeResigned(turn, { announce: true });
      return;
  }
}

function handleRequest(turn: Turn, { replyTo, request }: Extract<RaftEvent, { type: 'request' }>): void {
  switch (request.type) {
    case 'vote':
      handleVote(turn, replyTo, request);
      return;
    case 'begin':
      handleBeginEpoch(turn, replyTo, request);
      return;
    case 'end':
      handleEndEpoch(turn, replyTo, request);
      return;
    case 'fetch':
      handleFetch(turn, replyTo, request);
      return;
    case 'snapshot':
      handleFetchSnapshot(turn, replyTo, request);
      return;
  }
}

function noteAppended(turn: Turn, endOffset: number): void {
  const { role, log } = turn.state;
  assert(role.kind === 'leader', `only a leader appends, this member is ${role.kind}`);
  turn.state = { ...turn.state, log: withAppended(log, endOffset, []) };
}

function notePersisted(turn: Turn, endOffset: number, truncations: number): void {
  const { log } = turn.state;
  if (truncations !== log.truncations || endOffset <= log.durableOffset) return;
  turn.state = { ...turn.state, log: { ...log, durableOffset: Math.min(endOffset, log.endOffset) } };
}

function noteSnapshot(turn: Turn, id: SnapshotId): void {
  const { log, highWatermark } = turn.state;
  assert(id.offset <= highWatermark, `snapshot at ${id.offset} goes beyond the high watermark ${highWatermark}`);
  if (id.offset <= log.startOffset) return;
  turn.effects.push({ type: 'trim', startOffset: id.offset });
  turn.state = trimmedVoterSets({ ...turn.state, log: withStartAt(log, id) }, id.offset);
}

/** What every step ends with: whatever the new state owes to others. */
function settle(turn: Turn): void {
  const { role } = turn.state;
  if (role.kind === 'follower') {
    fetchWhenDue(turn, role);
    return;
  }
  if (role.kind !== 'leader') {
    canvassWhenDue(turn);
    return;
  }
  advanceHighWatermark(turn, role);
  if (turn.state.role.kind === 'leader') answerWaitingFetches(turn, turn.state.role);
  announceWhenDue(turn);
  leaveWhenRemoved(turn);
}

/** Epoch and vote go to disk before anything is said on their strength. */
function durableFirst(before: RaftState, { epoch, votedFor, leaderId }: RaftState): RaftEffect[] {
  if (epoch === before.epoch && votedFor === before.votedFor) return [];
  return [{ type: 'persistElection', election: { epoch, votedFor, leaderId } }];
}

function committed(before: RaftState, { state }: Turn): RaftEffect[] {
  if (state.highWatermark === before.highWatermark) return [];
  return [{ type: 'committed', highWatermark: state.highWatermark }];
}
