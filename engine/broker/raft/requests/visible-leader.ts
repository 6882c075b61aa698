import type { RaftState } from '../raft-state.ts';

/** The epoch and leader that every answer carries. */
export function visibleLeader(state: RaftState): { readonly epoch: number; readonly leaderId: number } {
  return { epoch: state.epoch, leaderId: state.leaderId };
}
