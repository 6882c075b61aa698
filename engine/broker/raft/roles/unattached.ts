import { assert } from '../../../base/assert.ts';
import type { Turn } from '../turn.ts';
import { electionDeadline } from '../turn.ts';
import { leaveRole } from './leave-role.ts';
import { lostLeader } from './lost-leader.ts';

/** Where an unattached member starts from. */
export interface UnattachedOptions {
  readonly electionDeadlineMs?: number;
  readonly retries?: number;
}

/** Becomes unattached in `epoch`, which is this one or a newer one. The vote of a newer epoch is free. */
export function becomeUnattached(turn: Turn, epoch: number, options: UnattachedOptions = {}): void {
  const { state } = turn;
  assert(epoch >= state.epoch, `epoch ${epoch} is older than ${state.epoch}`);
  leaveRole(turn);
  turn.state = {
    ...state,
    epoch,
    votedFor: epoch > state.epoch ? -1 : state.votedFor,
    leaderId: -1,
    lostLeaderId: epoch > state.epoch ? -1 : lostLeader(state),
    role: {
      kind: 'unattached',
      electionDeadlineMs: options.electionDeadlineMs ?? electionDeadline(turn),
      retries: options.retries ?? 0,
    },
  };
}
