import { lastEpoch } from '../log-view.ts';
import { majorityOf } from '../raft-settings.ts';
import type { Ballot, Candidate, Prospective } from '../raft-state.ts';
import type { Turn } from '../turn.ts';
import { backoffDeadline, retryDelayMs, send } from '../turn.ts';
import { latestVoters } from '../voter-sets.ts';
import { becomeCandidate } from './candidate.ts';
import { becomeLeader } from './leader.ts';
import { becomeUnattached } from './unattached.ts';

/** Counts the ballots and moves on when they decide: a won pre-vote leads to candidacy, a won vote to the lead. */
export function countBallots(turn: Turn): void {
  const { role, settings, epoch } = turn.state;
  if (role.kind !== 'prospective' && role.kind !== 'candidate') return;
  const granting = [...role.ballots].filter(([, ballot]) => ballot.state === 'granted').map(([voter]) => voter);
  if (granting.length >= majorityOf(settings)) {
    if (role.kind === 'candidate') {
      becomeLeader(turn, granting);
      return;
    }
    becomeCandidate(turn, role.retries);
    countBallots(turn);
    return;
  }
  if (isLost(role, majorityOf(settings))) {
    const retries = role.retries + 1;
    becomeUnattached(turn, epoch, { electionDeadlineMs: backoffDeadline(turn, retries), retries });
  }
}

/**
 * Lost once somebody has refused and those who granted or may still answer are no majority. Voters out of reach count
 * as absent, so that two candidates and a dead voter part quickly; in a pre-vote they may come up any moment (cold start).
 */
function isLost(role: Prospective | Candidate, majority: number): boolean {
  const ballots = [...role.ballots.values()];
  if (!ballots.some((ballot) => ballot.state === 'rejected')) return false;
  const isAbsent = (ballot: Ballot) => role.kind === 'candidate' && ballot.state === 'unsent' && ballot.attempts > 0;
  return ballots.filter((ballot) => ballot.state !== 'rejected' && !isAbsent(ballot)).length < majority;
}

/** Whether a voter is to be asked (again): a refused pre-vote binds nobody, a voter may lose its leader a moment later. */
export function isToBeAsked({ state }: Ballot, role: Prospective | Candidate): boolean {
  return state === 'unsent' || (state === 'rejected' && role.kind === 'prospective');
}

/** Sends the vote requests that are due. */
export function canvassWhenDue(turn: Turn): void {
  const { role, epoch, settings, log } = turn.state;
  if (role.kind !== 'prospective' && role.kind !== 'candidate') return;
  const ballots = new Map(role.ballots);
  for (const [voter, ballot] of role.ballots) {
    if (!isToBeAsked(ballot, role) || turn.nowMs < ballot.sendAtMs) continue;
    send(turn, voter, {
      type: 'vote',
      preVote: role.kind === 'prospective',
      epoch,
      candidateId: settings.nodeId,
      voterDirectoryId: latestVoters(turn.state)?.find(({ id }) => id === voter)?.directoryId ?? '',
      lastEpoch: lastEpoch(log),
      endOffset: log.endOffset,
    });
    ballots.set(voter, { ...ballot, state: 'asked', attempts: ballot.attempts + 1 });
  }
  turn.state = { ...turn.state, role: { ...role, ballots } };
}

/** Notes a voter's answer, or that it has to be asked again (`unsent`). */
export function noteBallot(turn: Turn, voter: number, outcome: Exclude<Ballot['state'], 'asked'>): void {
  const { role } = turn.state;
  if (role.kind !== 'prospective' && role.kind !== 'candidate') return;
  const ballot = role.ballots.get(voter);
  if (!ballot || ballot.state === 'granted') return;
  const sendAtMs = turn.nowMs + retryDelayMs(turn, ballot.attempts);
  const ballots = new Map(role.ballots).set(voter, { ...ballot, state: outcome, sendAtMs });
  turn.state = { ...turn.state, role: { ...role, ballots } };
  countBallots(turn);
}
