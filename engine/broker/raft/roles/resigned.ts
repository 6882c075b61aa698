import type { Turn } from '../turn.ts';
import { electionDeadline, send } from '../turn.ts';
import { leaveRole } from './leave-role.ts';

/** Gives up the lead. With `announce`, the voters are told, and the one with the longest log is asked to go first. */
export function becomeResigned(turn: Turn, options: { readonly announce: boolean }): void {
  const { role, epoch, settings } = turn.state;
  if (role.kind !== 'leader') return;
  leaveRole(turn);
  turn.state = {
    ...turn.state,
    leaderId: -1,
    role: { kind: 'resigned', electionDeadlineMs: electionDeadline(turn) },
  };
  if (!options.announce) return;
  const candidates = [...role.voters].sort(([, a], [, b]) => b.endOffset - a.endOffset).map(([voter]) => voter);
  for (const voter of candidates) send(turn, voter, { type: 'end', epoch, leaderId: settings.nodeId, candidates });
}
