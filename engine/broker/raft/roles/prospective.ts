import type { Turn } from '../turn.ts';
import { ballotDeadline, freshBallots } from '../turn.ts';
import { lostLeader } from './lost-leader.ts';

/** Starts a pre-vote in the current epoch. */
export function becomeProspective(turn: Turn, retries: number): void {
  turn.state = {
    ...turn.state,
    leaderId: -1,
    lostLeaderId: lostLeader(turn.state),
    role: {
      kind: 'prospective',
      ballots: freshBallots(turn),
      electionDeadlineMs: ballotDeadline(turn),
      retries,
    },
  };
}
