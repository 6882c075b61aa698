import { becomeFollower } from '../roles/follower.ts';
import { becomeUnattached } from '../roles/unattached.ts';
import type { Turn } from '../turn.ts';

/** Learns from what member `from` says that there is a newer epoch, or a leader in this one. */
export function observeLeader(turn: Turn, from: number, epoch: number, leaderId: number): void {
  const { state } = turn;
  const isOther = leaderId >= 0 && leaderId !== state.settings.nodeId;
  if (epoch > state.epoch) {
    if (isOther) becomeFollower(turn, epoch, leaderId);
    else becomeUnattached(turn, epoch);
    return;
  }
  const { kind } = state.role;
  const isSearching = kind === 'unattached' || kind === 'prospective' || kind === 'candidate';
  // A leader that is a voter only of a newer set is never asked itself: then others' word must do.
  const isAsked = state.settings.voters.includes(leaderId);
  const isLost = isAsked && leaderId === state.lostLeaderId && from !== leaderId;
  if (epoch === state.epoch && isOther && isSearching && !isLost) becomeFollower(turn, epoch, leaderId);
}
