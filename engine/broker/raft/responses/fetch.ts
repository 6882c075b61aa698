import { assert } from '../../../base/assert.ts';
import type { EpochEnd, SnapshotId } from '../log-view.ts';
import { emptyLogAfter, endOffsetForEpoch, withAppended, withTruncated } from '../log-view.ts';
import { fetchTimeoutMs, isCalmTerm } from '../patience.ts';
import type { FetchedRecords, FetchReply, FetchSnapshotReply, SnapshotChunk } from '../raft-message.ts';
import type { Follower } from '../raft-state.ts';
import { becomeUnattached } from '../roles/unattached.ts';
import type { Turn } from '../turn.ts';
import { backoffDeadline, retryDelayMs } from '../turn.ts';
import { truncatedVoterSets, withVoterSets } from '../voter-sets.ts';

/** The leader's answer to the fetch under way. */
export function handleFetchReply(turn: Turn, role: Follower, reply: FetchReply, records?: FetchedRecords): void {
  if (reply.error !== 'NONE') {
    handleRefusal(turn, role, reply);
    return;
  }
  succeed(turn, role);
  if (reply.diverging) {
    cutBack(turn, reply.diverging);
    return;
  }
  if (reply.snapshot) {
    beginSnapshot(turn, reply.snapshot);
    return;
  }
  if (records) appendFetched(turn, records);
  const highWatermark = Math.min(reply.highWatermark, turn.state.log.endOffset);
  if (highWatermark > turn.state.highWatermark) turn.state = { ...turn.state, highWatermark };
}

/** A piece of the snapshot under way. */
export function handleSnapshotReply(
  turn: Turn,
  role: Follower,
  reply: FetchSnapshotReply,
  chunk?: SnapshotChunk,
): void {
  if (reply.error === 'SNAPSHOT_NOT_FOUND' || reply.error === 'POSITION_OUT_OF_RANGE') {
    // A newer snapshot has replaced it: an ordinary fetch will name that one.
    setFollower(turn, {
      ...role,
      fetchId: undefined,
      snapshot: undefined,
      fetchAtMs: turn.nowMs + retryDelayMs(turn, 1),
    });
    return;
  }
  if (reply.error !== 'NONE' || !role.snapshot || !chunk) {
    handleRefusal(turn, role, reply);
    return;
  }
  succeed(turn, role);
  const { id, position } = role.snapshot;
  if (chunk.position !== position) return;
  turn.effects.push({ type: 'writeSnapshot', id, position, payload: chunk.payload });
  const end = position + chunk.lengthBytes;
  if (end < chunk.sizeBytes) {
    setFollower(turn, { ...follower(turn), snapshot: { id, position: end } });
    return;
  }
  turn.effects.push({ type: 'installSnapshot', id });
  setFollower(turn, { ...follower(turn), snapshot: undefined });
  turn.state = {
    ...turn.state,
    log: emptyLogAfter(turn.state.log, id),
    highWatermark: Math.max(turn.state.highWatermark, id.offset),
  };
  turn.state = withVoterSets(turn.state, chunk.voters ? [{ offset: id.offset - 1, voters: chunk.voters }] : []);
}

/** A fetch without an answer: try again, a little later each time. */
export function handleFetchFailure(turn: Turn, role: Follower, unreachable: boolean): void {
  const failures = role.failures + 1;
  setFollower(turn, {
    ...role,
    fetchId: undefined,
    failures,
    fetchAtMs: turn.nowMs + retryDelayMs(turn, failures),
    unreachableSinceMs: unreachable ? (role.unreachableSinceMs ?? turn.nowMs) : undefined,
    hasFetched: role.hasFetched && !unreachable,
  });
}

function handleRefusal(turn: Turn, role: Follower, reply: FetchReply | FetchSnapshotReply): void {
  const { epoch, settings } = turn.state;
  if (reply.error === 'NOT_LEADER_OR_FOLLOWER' && reply.epoch === epoch) {
    // The leader itself says that it leads no more: it resigned, or came back from a crash.
    const electionDeadlineMs = backoffDeadline(turn, 0);
    becomeUnattached(turn, epoch, { electionDeadlineMs });
    return;
  }
  const failures = role.failures + 1;
  setFollower(turn, { ...role, fetchId: undefined, failures, fetchAtMs: turn.nowMs + settings.retryBackoffMs });
}

function succeed(turn: Turn, role: Follower): void {
  const isCalm = role.isCalm || isCalmTerm(turn.state, role.sinceMs, turn.nowMs);
  if (isCalm) turn.state = { ...turn.state, failedTerms: 0 };
  setFollower(turn, {
    ...role,
    fetchId: undefined,
    hasFetched: true,
    failures: 0,
    unreachableSinceMs: undefined,
    fetchAtMs: turn.nowMs,
    fetchDeadlineMs: turn.nowMs + fetchTimeoutMs(turn.state, turn.chance),
    isCalm,
  });
}

/** KIP-279: to the end that both logs agree on for the leader's epoch, or of our own next older epoch. */
function cutBack(turn: Turn, diverging: EpochEnd): void {
  const { log, highWatermark } = turn.state;
  const own = endOffsetForEpoch(log, diverging.epoch);
  const offset = own.epoch === diverging.epoch ? Math.min(own.endOffset, diverging.endOffset) : own.endOffset;
  assert(offset >= highWatermark, `truncation to ${offset} would lose committed records below ${highWatermark}`);
  turn.effects.push({ type: 'truncate', offset });
  turn.state = truncatedVoterSets({ ...turn.state, log: withTruncated(log, offset) }, offset);
}

function beginSnapshot(turn: Turn, id: SnapshotId): void {
  setFollower(turn, { ...follower(turn), snapshot: { id, position: 0 } });
}

function appendFetched(turn: Turn, { payload, baseOffset, endOffset, epochs, voterSets }: FetchedRecords): void {
  const { log } = turn.state;
  assert(baseOffset === log.endOffset, `records at ${baseOffset} fetched for a log that ends at ${log.endOffset}`);
  turn.effects.push({ type: 'append', payload, endOffset });
  turn.state = { ...turn.state, log: withAppended(log, endOffset, epochs) };
  if (voterSets.length > 0) turn.state = withVoterSets(turn.state, [...turn.state.voterSets, ...voterSets]);
}

function follower(turn: Turn): Follower {
  const { role } = turn.state;
  assert(role.kind === 'follower', `expected a follower, found ${role.kind}`);
  return role;
}

function setFollower(turn: Turn, role: Follower): void {
  turn.state = { ...turn.state, role };
}
