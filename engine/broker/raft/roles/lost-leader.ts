import type { RaftState } from '../raft-state.ts';

/** Who counts as given up once the current role ends without a change of epoch. */
export function lostLeader(state: RaftState): number {
  return state.leaderId === -1 ? state.lostLeaderId : state.leaderId;
}
