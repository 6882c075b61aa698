import type { Turn } from '../turn.ts';
import { ballotDeadline, freshBallots } from '../turn.ts';

/** Raises the epoch, votes for itself and starts to ask for votes. */
export function becomeCandidate(turn: Turn, retries: number): void {
  const { state } = turn;
  turn.state = {
    ...state,
    epoch: state.epoch + 1,
    votedFor: state.settings.nodeId,
    leaderId: -1,
    lostLeaderId: -1,
    role: {
      kind: 'candidate',
      ballots: freshBallots(turn),
      electionDeadlineMs: ballotDeadline(turn),
      retries,
    },
  };
}
