import type { Result } from '../../base/result.ts';
import { ok, refused } from '../../base/result.ts';
import type { RaftState } from './raft-state.ts';
import type { Voter } from './voter-sets.ts';
import { latestVoters } from './voter-sets.ts';

/** One voter more, one less, or one that is reached elsewhere. */
export type VoterChange =
  | { readonly kind: 'add'; readonly voter: Voter }
  | { readonly kind: 'remove'; readonly id: number; readonly directoryId: string }
  | { readonly kind: 'update'; readonly voter: Voter };

/**
 * Why the voters are not changed.
 * - `not-leader`: this member does not lead.
 * - `not-ready`: nothing of this term is committed yet, or the change before is not; it may be tried again.
 * - `static`: the cluster keeps the voters that it was started with (kraft.version 0).
 * - `not-caught-up`: the new voter is not level with this leader; it may be tried again.
 */
export type VoterChangeRefusal =
  | 'not-leader'
  | 'not-ready'
  | 'static'
  | 'duplicate'
  | 'not-found'
  | 'last-voter'
  | 'not-caught-up';

/**
 * The voters after a change, or why there is none. One voter at a time, and the next only once the change before is committed:
 * then any majority of the old set meets any majority of the new one (Raft 4.1, KIP-853).
 */
export function planVoterChange(
  state: RaftState,
  change: VoterChange,
  nowMs: number,
): Result<readonly Voter[], VoterChangeRefusal> {
  const { role, highWatermark } = state;
  if (role.kind !== 'leader') return refused('not-leader');
  const voters = latestVoters(state);
  if (!voters) return refused('static');
  const lastChange = state.voterSets.at(-1)?.offset ?? -1;
  if (highWatermark <= role.epochStartOffset || lastChange >= highWatermark) return refused('not-ready');
  if (change.kind === 'add') {
    if (voters.some(({ id }) => id === change.voter.id)) return refused('duplicate');
    const caughtUpMs = role.observers.get(change.voter.id)?.lastCaughtUpMs ?? -1;
    if (caughtUpMs < 0 || nowMs - caughtUpMs > state.settings.fetchTimeoutMs) return refused('not-caught-up');
    return ok([...voters, change.voter]);
  }
  const { id, directoryId } = change.kind === 'remove' ? change : change.voter;
  const known = voters.find((voter) => voter.id === id);
  const isSame = known && (known.directoryId === '' || directoryId === '' || known.directoryId === directoryId);
  if (!isSame) return refused('not-found');
  if (change.kind === 'update') return ok(voters.map((voter) => (voter.id === id ? change.voter : voter)));
  return voters.length === 1 ? refused('last-voter') : ok(voters.filter((voter) => voter.id !== id));
}
