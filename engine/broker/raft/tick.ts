import { countBallots } from './roles/election.ts';
import { hasLostLeader } from './roles/follower.ts';
import { checkQuorumDeadlineMs } from './roles/leader.ts';
import { lookForLeader } from './roles/observer.ts';
import { becomeProspective } from './roles/prospective.ts';
import { becomeResigned } from './roles/resigned.ts';
import type { Turn } from './turn.ts';
import { isVoter } from './voter-sets.ts';

/** Time has passed: does the role end by itself? */
export function tick(turn: Turn): void {
  const { state, nowMs } = turn;
  const { role } = state;
  switch (role.kind) {
    case 'unattached':
    case 'prospective':
    case 'candidate':
      if (nowMs >= role.electionDeadlineMs) campaign(turn, role.retries + (role.kind === 'unattached' ? 0 : 1));
      return;
    case 'resigned':
      if (nowMs >= role.electionDeadlineMs) campaign(turn, 0);
      return;
    case 'follower':
      if (hasLostLeader(state, role, nowMs)) campaign(turn, 0);
      return;
    case 'leader': {
      const deadlineMs = checkQuorumDeadlineMs(state, role);
      if (deadlineMs !== undefined && nowMs >= deadlineMs) becomeResigned(turn, { announce: false });
    }
  }
}

/** Who does not vote asks for no vote: it looks for whoever leads. */
function campaign(turn: Turn, retries: number): void {
  if (!isVoter(turn.state)) {
    lookForLeader(turn, { retries });
    return;
  }
  becomeProspective(turn, retries);
  countBallots(turn);
}
