import { withAppended } from '../log-view.ts';
import { isCalmTerm, patienceOf } from '../patience.ts';
import { majorityOf, otherVoters } from '../raft-settings.ts';
import type { Leader, Progress, RaftState, WaitingFetch } from '../raft-state.ts';
import type { Turn } from '../turn.ts';
import { retryDelayMs, send } from '../turn.ts';
import { isVoter } from '../voter-sets.ts';
import { unheard } from './unheard.ts';

/** Observers a leader remembers; the oldest is forgotten beyond it. */
export const observersMax = 64;

/** Takes the lead of the epoch it has just won and opens it with a control record. */
export function becomeLeader(turn: Turn, granting: readonly number[]): void {
  const { state, nowMs } = turn;
  const { epoch, log, settings } = state;
  const offset = log.endOffset;
  const voters = new Map<number, Progress>();
  for (const voter of otherVoters(settings)) voters.set(voter, unheard(nowMs));
  turn.effects.push({ type: 'appendLeaderChange', epoch, offset, voters: settings.voters, granting });
  turn.state = {
    ...state,
    leaderId: settings.nodeId,
    lostLeaderId: -1,
    log: withAppended(log, offset + 1, [{ epoch, startOffset: offset }]),
    role: {
      kind: 'leader',
      epochStartOffset: offset,
      sinceMs: nowMs,
      isCalm: isAlone(state),
      voters,
      observers: new Map(),
      waiting: new Map(),
    },
  };
}

/** When a leader that hears no more from a majority must resign; undefined for a single voter (KAFKA-16144). */
export function checkQuorumDeadlineMs(state: RaftState, role: Leader): number | undefined {
  const { settings } = state;
  if (isAlone(state)) return undefined;
  return majorityHeardMs(state, role) + settings.fetchTimeoutMs * patienceOf(state) * settings.checkQuorumFactor;
}

/** Once a majority has fetched for as long as a fetch timeout, earlier failures count no more. */
export function noteCalm(turn: Turn, role: Leader): void {
  if (role.isCalm || !isCalmTerm(turn.state, role.sinceMs, majorityHeardMs(turn.state, role))) return;
  turn.state = { ...turn.state, failedTerms: 0, role: { ...role, isCalm: true } };
}

/** Whether this member is the only one that votes. */
export function isAlone({ settings }: RaftState): boolean {
  return settings.voters.length === 1 && settings.voters[0] === settings.nodeId;
}

/** The last time at which a majority was heard, this leader included where it votes; the start of its term where it is the only voter. */
export function majorityHeardMs(state: RaftState, role: Leader): number {
  const heard = [...role.voters.values()].map((voter) => Math.max(voter.lastFetchMs, role.sinceMs));
  const others = majorityOf(state.settings) - (isVoter(state) ? 1 : 0);
  return heard.sort((a, b) => b - a)[others - 1] ?? role.sinceMs;
}

/**
 * Moves the high watermark to the largest offset that a majority has fsynced, once that lies beyond the start of this
 * epoch: entries of older epochs are committed only along with one of this epoch.
 */
export function advanceHighWatermark(turn: Turn, role: Leader): void {
  const { state } = turn;
  const own = isVoter(state) ? [state.log.durableOffset] : [];
  const ends = [...own, ...[...role.voters.values()].map((voter) => voter.endOffset)];
  const majorityEnd = ends.sort((a, b) => b - a)[majorityOf(state.settings) - 1] ?? -1;
  if (majorityEnd <= role.epochStartOffset || majorityEnd <= state.highWatermark) return;
  turn.state = { ...state, highWatermark: majorityEnd };
}

/** Answers the waiting fetches for which there are records, a newer high watermark, or no time left. */
export function answerWaitingFetches(turn: Turn, role: Leader): void {
  const waiting = new Map<number, WaitingFetch>();
  for (const [replica, fetch] of role.waiting) {
    const hasNews = fetch.offset < turn.state.log.endOffset || fetch.highWatermark < turn.state.highWatermark;
    if (hasNews || turn.nowMs >= fetch.deadlineMs) answerFetch(turn, fetch);
    else waiting.set(replica, fetch);
  }
  if (waiting.size < role.waiting.size) turn.state = { ...turn.state, role: { ...role, waiting } };
}

/** Answers one valid fetch with what there is. */
export function answerFetch(turn: Turn, { replyTo, offset }: Pick<WaitingFetch, 'replyTo' | 'offset'>): void {
  const { epoch, highWatermark, log, settings } = turn.state;
  turn.effects.push({
    type: 'reply',
    replyTo,
    reply: {
      type: 'fetch',
      error: 'NONE',
      epoch,
      leaderId: settings.nodeId,
      highWatermark,
      startOffset: log.startOffset,
      read: { from: offset, before: log.endOffset },
    },
  });
}

/** Tells every voter that has not answered yet who leads. */
export function announceWhenDue(turn: Turn): void {
  const { role, epoch, settings } = turn.state;
  if (role.kind !== 'leader') return;
  const voters = new Map(role.voters);
  for (const [voter, progress] of role.voters) {
    if (progress.acknowledged || turn.nowMs < progress.beginAtMs) continue;
    send(turn, voter, { type: 'begin', epoch, leaderId: settings.nodeId });
    const attempts = progress.attempts + 1;
    voters.set(voter, { ...progress, attempts, beginAtMs: turn.nowMs + retryDelayMs(turn, attempts) });
  }
  turn.state = { ...turn.state, role: { ...role, voters } };
}
