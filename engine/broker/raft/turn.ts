import { patienceOf } from './patience.ts';
import type { RaftEffect } from './raft-effect.ts';
import type { RaftRequest } from './raft-message.ts';
import { otherVoters } from './raft-settings.ts';
import type { Ballot, RaftState } from './raft-state.ts';

/** One `step` under way: the state so far and the effects so far. Lives only inside `step`. */
export interface Turn {
  state: RaftState;
  readonly effects: RaftEffect[];
  readonly nowMs: number;
  readonly chance: number;
}

/** Queues a request to another member and returns its id. */
export function send(turn: Turn, to: number, request: RaftRequest): number {
  const requestId = turn.state.nextRequestId;
  turn.state = { ...turn.state, nextRequestId: requestId + 1 };
  turn.effects.push({ type: 'send', requestId, to, request });
  return requestId;
}

/** A random deadline one to two election timeouts from now. */
export function electionDeadline(turn: Turn): number {
  return turn.nowMs + turn.state.settings.electionTimeoutMs * (1 + turn.chance);
}

/** The same for who asks for votes: longer while terms keep failing, as the answers may be slow. */
export function ballotDeadline(turn: Turn): number {
  return turn.nowMs + (electionDeadline(turn) - turn.nowMs) * patienceOf(turn.state);
}

/** The deadline after a lost election: random, and wider with every loss in a row. */
export function backoffDeadline(turn: Turn, retries: number): number {
  const { retryBackoffMs, electionBackoffMsMax } = turn.state.settings;
  const widthMs = Math.min(electionBackoffMsMax, retryBackoffMs * 2 ** Math.min(retries + 1, 20));
  return turn.nowMs + widthMs * (0.2 + 0.8 * turn.chance);
}

/** How long to wait before attempt number `attempts` of the same request. */
export function retryDelayMs(turn: Turn, attempts: number): number {
  const { retryBackoffMs, retryBackoffMsMax } = turn.state.settings;
  return Math.min(retryBackoffMsMax, retryBackoffMs * 2 ** Math.min(attempts, 20));
}

/** The ballots at the start of an election: the own vote given, the others to be asked at once. */
export function freshBallots(turn: Turn): ReadonlyMap<number, Ballot> {
  const { settings } = turn.state;
  const ballots = new Map<number, Ballot>([[settings.nodeId, { state: 'granted', sendAtMs: 0, attempts: 0 }]]);
  for (const voter of otherVoters(settings)) ballots.set(voter, { state: 'unsent', sendAtMs: turn.nowMs, attempts: 0 });
  return ballots;
}
