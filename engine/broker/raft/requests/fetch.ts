import type { LogView } from '../log-view.ts';
import { endOffsetForEpoch } from '../log-view.ts';
import type { FetchReply, FetchRequest, FetchSnapshotRequest, RaftError } from '../raft-message.ts';
import type { Leader, Progress, RaftState } from '../raft-state.ts';
import { answerFetch, noteCalm, observersMax } from '../roles/leader.ts';
import type { Turn } from '../turn.ts';
import { isVoterWith } from '../voter-sets.ts';
import { visibleLeader } from './visible-leader.ts';

/** A replica asks for records: at once if there is news, at the end of its wait if there is none. */
export function handleFetch(turn: Turn, replyTo: number, request: FetchRequest): void {
  const { state } = turn;
  const error = refusal(state, request.epoch);
  if (error !== 'NONE' || state.role.kind !== 'leader') {
    replyWith(turn, replyTo, { error });
    return;
  }
  const position = checkPosition(state.log, request);
  noteFetch(turn, state.role, request, position === 'VALID');
  if (position !== 'VALID') {
    replyWith(turn, replyTo, position);
    return;
  }
  park(turn, replyTo, request);
}

/** A replica asks for a piece of a snapshot; the driver adds the bytes or says that the snapshot is gone. */
export function handleFetchSnapshot(turn: Turn, replyTo: number, request: FetchSnapshotRequest): void {
  const error = refusal(turn.state, request.epoch);
  const { role } = turn.state;
  if (role.kind === 'leader' && error === 'NONE') noteFetch(turn, role, { ...request, offset: -1 }, false);
  const { id, position } = request;
  turn.effects.push({
    type: 'reply',
    replyTo,
    reply: { type: 'snapshot', error, ...visibleLeader(turn.state), id, position },
  });
}

function refusal(state: RaftState, epoch: number): RaftError {
  if (epoch < state.epoch) return 'FENCED_LEADER_EPOCH';
  if (epoch > state.epoch) return 'UNKNOWN_LEADER_EPOCH';
  return state.role.kind === 'leader' ? 'NONE' : 'NOT_LEADER_OR_FOLLOWER';
}

function replyWith(turn: Turn, replyTo: number, fields: Partial<FetchReply>): void {
  const { highWatermark, log } = turn.state;
  const reply: FetchReply = {
    type: 'fetch',
    error: 'NONE',
    ...visibleLeader(turn.state),
    highWatermark,
    startOffset: log.startOffset,
    ...fields,
  };
  turn.effects.push({ type: 'reply', replyTo, reply });
}

/** Compares the end of the follower's log with ours: it fits, it departs from ours, or it lies before our start. */
function checkPosition(log: LogView, request: FetchRequest): 'VALID' | Partial<FetchReply> {
  const { offset, lastEpoch } = request;
  if (offset === 0 && log.startOffset === 0) return 'VALID';
  const { snapshot, startOffset } = log;
  if (snapshot && startOffset > 0 && (offset < startOffset || lastEpoch < (log.epochs[0]?.epoch ?? 0)))
    return { snapshot };
  const end = endOffsetForEpoch(log, lastEpoch);
  return end.epoch === lastEpoch && end.endOffset >= offset ? 'VALID' : { diverging: end };
}

function noteFetch(
  turn: Turn,
  role: Leader,
  request: { readonly replicaId: number; readonly directoryId: string; readonly offset: number },
  isValid: boolean,
): void {
  const { replicaId, directoryId, offset } = request;
  // A voter's id with another disk is not that voter: what it holds does not count.
  const isVoter = role.voters.has(replicaId) && isVoterWith(turn.state, replicaId, directoryId);
  const known = role.voters.get(replicaId) ?? role.observers.get(replicaId);
  const isCaughtUp = isValid && offset >= turn.state.log.endOffset;
  const progress: Progress = {
    endOffset: isValid ? offset : (known?.endOffset ?? -1),
    lastFetchMs: turn.nowMs,
    lastCaughtUpMs: isCaughtUp ? turn.nowMs : (known?.lastCaughtUpMs ?? -1),
    acknowledged: true,
    beginAtMs: turn.nowMs,
    attempts: 0,
  };
  const replicas = new Map(isVoter ? role.voters : role.observers).set(replicaId, progress);
  if (!isVoter && replicas.size > observersMax) replicas.delete(replicas.keys().next().value ?? replicaId);
  turn.state = {
    ...turn.state,
    role: isVoter ? { ...role, voters: replicas } : { ...role, observers: replicas },
  };
  if (isVoter && turn.state.role.kind === 'leader') noteCalm(turn, turn.state.role);
}

/** Lets the fetch wait; the end of the step answers it if there is news already. An older one of the same replica is let go. */
function park(turn: Turn, replyTo: number, request: FetchRequest): void {
  const { role, settings } = turn.state;
  if (role.kind !== 'leader') return;
  const older = role.waiting.get(request.replicaId);
  if (older) answerFetch(turn, older);
  const deadlineMs = turn.nowMs + Math.max(0, Math.min(request.waitMsMax, settings.fetchWaitMsMax));
  const { offset, highWatermark } = request;
  const waiting = new Map(role.waiting).set(request.replicaId, { replyTo, offset, highWatermark, deadlineMs });
  turn.state = { ...turn.state, role: { ...role, waiting } };
}
