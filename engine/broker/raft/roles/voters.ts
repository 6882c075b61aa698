import { assert } from '../../../base/assert.ts';
import { withAppended } from '../log-view.ts';
import { otherVoters } from '../raft-settings.ts';
import type { Leader } from '../raft-state.ts';
import type { Turn } from '../turn.ts';
import type { Voter } from '../voter-sets.ts';
import { isVoter, withVoterSets } from '../voter-sets.ts';
import { becomeResigned } from './resigned.ts';
import { unheard } from './unheard.ts';

/** Appends new voters as the leader. They count from now on; the first record of them comes with the version of its protocol. */
export function changeVoters(turn: Turn, voters: readonly Voter[]): void {
  const { role, log, epoch, voterSets } = turn.state;
  assert(role.kind === 'leader', `only a leader changes the voters, this member is ${role.kind}`);
  const isFirst = voterSets.length === 0;
  const offset = log.endOffset;
  const endOffset = offset + (isFirst ? 2 : 1);
  turn.effects.push({ type: 'appendVoters', epoch, offset, voters, isFirst });
  const grown = { ...turn.state, log: withAppended(log, endOffset, []) };
  turn.state = withVoterSets(grown, [...voterSets, { offset: endOffset - 1, voters }]);
  turn.state = { ...turn.state, role: regrouped(turn, role) };
}

/** What is known of replicas, by whether they vote now. */
function regrouped({ state, nowMs }: Turn, role: Leader): Leader {
  const known = new Map([...role.observers, ...role.voters]);
  const ids = otherVoters(state.settings);
  const voters = new Map(ids.map((id) => [id, known.get(id) ?? unheard(nowMs)]));
  const observers = new Map([...known].filter(([id]) => !voters.has(id)));
  return { ...role, voters, observers };
}

/** A leader that is no voter any more leads until that is committed, and then leaves. */
export function leaveWhenRemoved(turn: Turn): void {
  const { state } = turn;
  const changedAt = state.voterSets.at(-1)?.offset ?? -1;
  if (isVoter(state) || changedAt >= state.highWatermark) return;
  becomeResigned(turn, { announce: true });
}
