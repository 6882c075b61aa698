import { errorCode } from '../../../protocol/error-codes.ts';
import type { ClassicPlan, ClassicView, PlanContext, Sessions } from './plan.ts';
import { Draft } from './plan.ts';
import { completeJoin, maybeCompleteJoin, prepareRebalance, removeAndRebalance } from './rebalance.ts';
import type { Round } from './round.ts';
import { isWaiting } from './round.ts';
import { completeSync } from './sync.ts';

/** The next time at which `planExpiry` has something to do, on the monotonic clock; infinity when nothing is waited for. */
export function nextDeadlineMs(round: Round, sessions: Sessions): number {
  if (round.phase === 'Dead') return Number.POSITIVE_INFINITY;
  let next = Math.min(round.rebalanceDeadlineMs, round.syncDeadlineMs);
  for (const member of round.members.values())
    if (!isWaiting(member)) next = Math.min(next, sessions.get(member.memberId) ?? next);
  for (const deadlineMs of round.pendingMembers.values()) next = Math.min(next, deadlineMs);
  return next;
}

/** Acts on every deadline that has passed: silent members go, a rebalance that took too long ends without those who are missing. */
export function planExpiry(view: ClassicView, context: PlanContext): ClassicPlan {
  const { nowMs } = context;
  const draft = new Draft(view, context);
  for (const [memberId, deadlineMs] of view.round.pendingMembers)
    if (deadlineMs <= nowMs) draft.pendingMembers.delete(memberId);
  for (const { memberId } of view.round.members.values()) {
    const member = draft.members.get(memberId);
    const isSilent = (view.sessions.get(memberId) ?? Number.POSITIVE_INFINITY) <= nowMs;
    if (member && isSilent && !isWaiting(member) && !draft.wasHeard(memberId)) removeAndRebalance(draft, member);
  }
  maybeCompleteJoin(draft);
  if (draft.phase === 'PreparingRebalance' && draft.rebalanceDeadlineMs <= nowMs) completeJoin(draft);
  if (draft.phase === 'CompletingRebalance' && draft.syncDeadlineMs <= nowMs) endSync(draft);
  return draft.plan;
}

/** The wait for syncs is over: members that did not come go. When it was the assignments that did not get written, all are sent to look for the coordinator. */
function endSync(draft: Draft): void {
  draft.syncDeadlineMs = Number.POSITIVE_INFINITY;
  if (draft.hasAssignments) {
    completeSync(draft, errorCode.COORDINATOR_NOT_AVAILABLE);
    return;
  }
  for (const member of [...draft.members.values()]) {
    if (member.awaitingSync === undefined && draft.members.has(member.memberId)) removeAndRebalance(draft, member);
  }
  if (draft.phase === 'CompletingRebalance') prepareRebalance(draft);
}
