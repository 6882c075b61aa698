import { assert } from '../../../base/assert.ts';
import { lastEpoch } from '../log-view.ts';
import { fetchTimeoutMs } from '../patience.ts';
import type { FetchRequest } from '../raft-message.ts';
import type { Follower, RaftState } from '../raft-state.ts';
import type { Turn } from '../turn.ts';
import { send } from '../turn.ts';
import { leaveRole } from './leave-role.ts';

/** Follows `leaderId` in `epoch`. */
export function becomeFollower(turn: Turn, epoch: number, leaderId: number): void {
  const { state } = turn;
  assert(epoch >= state.epoch, `epoch ${epoch} is older than ${state.epoch}`);
  assert(leaderId !== state.settings.nodeId, `member ${leaderId} cannot follow itself`);
  leaveRole(turn);
  turn.state = {
    ...state,
    epoch,
    leaderId,
    lostLeaderId: -1,
    votedFor: epoch > state.epoch ? -1 : state.votedFor,
    role: {
      kind: 'follower',
      fetchDeadlineMs: turn.nowMs + fetchTimeoutMs(state, turn.chance),
      sinceMs: turn.nowMs,
      isCalm: false,
      hasFetched: false,
      fetchId: undefined,
      fetchAtMs: turn.nowMs,
      failures: 0,
      unreachableSinceMs: undefined,
      snapshot: undefined,
    },
  };
}

/** Whether a follower has reason to ask for an election now. */
export function hasLostLeader(state: RaftState, role: Follower, nowMs: number): boolean {
  if (nowMs >= role.fetchDeadlineMs) return true;
  return role.unreachableSinceMs !== undefined && nowMs - role.unreachableSinceMs >= state.settings.leaderUnreachableMs;
}

/** Sends the next fetch when none is under way and everything fetched so far is durable: the offset asked for is an acknowledgement. */
export function fetchWhenDue(turn: Turn, role: Follower): void {
  const { state, nowMs } = turn;
  const isDurable = state.log.durableOffset >= state.log.endOffset;
  if (role.fetchId !== undefined || nowMs < role.fetchAtMs || !isDurable) return;
  const fetchId = send(
    turn,
    state.leaderId,
    role.snapshot ? snapshotRequest(state, role.snapshot) : fetchRequest(state),
  );
  turn.state = { ...turn.state, role: { ...role, fetchId } };
}

function fetchRequest(state: RaftState): FetchRequest {
  return {
    type: 'fetch',
    replicaId: state.settings.nodeId,
    directoryId: state.settings.directoryId,
    epoch: state.epoch,
    offset: state.log.endOffset,
    lastEpoch: lastEpoch(state.log),
    highWatermark: state.highWatermark,
    waitMsMax: state.settings.fetchWaitMsMax,
  };
}

function snapshotRequest(state: RaftState, snapshot: NonNullable<Follower['snapshot']>) {
  return {
    type: 'snapshot',
    replicaId: state.settings.nodeId,
    directoryId: state.settings.directoryId,
    epoch: state.epoch,
    id: snapshot.id,
    position: snapshot.position,
  } as const;
}
