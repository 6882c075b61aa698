import type { BeginEpochRequest, EndEpochRequest, RaftError } from '../raft-message.ts';
import { observeLeader } from '../responses/observe-leader.ts';
import { becomeUnattached } from '../roles/unattached.ts';
import type { Turn } from '../turn.ts';
import { backoffDeadline, electionDeadline } from '../turn.ts';
import { visibleLeader } from './visible-leader.ts';

/** Somebody says that it leads. */
export function handleBeginEpoch(turn: Turn, replyTo: number, { epoch, leaderId }: BeginEpochRequest): void {
  // Its voters may be newer than those known here: who leads is no matter of this member's own set.
  const isOther = leaderId !== turn.state.settings.nodeId;
  const error: RaftError = !isOther ? 'INVALID_REQUEST' : epoch < turn.state.epoch ? 'FENCED_LEADER_EPOCH' : 'NONE';
  if (error === 'NONE') observeLeader(turn, leaderId, epoch, leaderId);
  turn.effects.push({ type: 'reply', replyTo, reply: { type: 'begin', error, ...visibleLeader(turn.state) } });
}

/** The leader leaves: the candidates it prefers ask for an election at once, one after the other. */
export function handleEndEpoch(turn: Turn, replyTo: number, request: EndEpochRequest): void {
  const { state } = turn;
  const error: RaftError = request.epoch < state.epoch ? 'FENCED_LEADER_EPOCH' : 'NONE';
  const isDeserted = state.role.kind === 'follower' && state.leaderId === request.leaderId;
  if (request.epoch > state.epoch || (request.epoch === state.epoch && isDeserted)) {
    const place = request.candidates.indexOf(state.settings.nodeId);
    const electionDeadlineMs =
      place < 0 ? electionDeadline(turn) : place === 0 ? turn.nowMs : backoffDeadline(turn, place + 1);
    becomeUnattached(turn, request.epoch, { electionDeadlineMs });
  }
  turn.effects.push({ type: 'reply', replyTo, reply: { type: 'end', error, ...visibleLeader(turn.state) } });
}
