import { errorCode } from '../../protocol/error-codes.ts';
import type { Effects } from './effects.ts';
import type { Group, GroupLimits, Member } from './group.ts';
import { completeJoin, maybeCompleteJoin, prepareRebalance, removeAndRebalance } from './rebalance.ts';
import { completeSync } from './sync.ts';

function isWaiting(member: Member): boolean {
  return member.awaitingJoin !== undefined || member.awaitingSync !== undefined;
}

/** The next time at which `expire` has something to do, on the monotonic clock; infinity when nothing is waited for. */
export function nextDeadlineMs(group: Group): number {
  let next = Math.min(group.rebalanceDeadlineMs, group.syncDeadlineMs);
  for (const member of group.members.values()) if (!isWaiting(member)) next = Math.min(next, member.sessionDeadlineMs);
  for (const deadlineMs of group.pendingMembers.values()) next = Math.min(next, deadlineMs);
  return next;
}

/** Acts on every deadline that has passed: silent members go, a rebalance that took too long ends without those who are missing. */
export function expire(group: Group, limits: GroupLimits, nowMs: number, effects: Effects): void {
  for (const [memberId, deadlineMs] of group.pendingMembers)
    if (deadlineMs <= nowMs) group.pendingMembers.delete(memberId);
  for (const member of [...group.members.values()]) {
    if (!isWaiting(member) && member.sessionDeadlineMs <= nowMs)
      removeAndRebalance(group, member, limits, nowMs, effects);
  }
  maybeCompleteJoin(group, limits, nowMs, effects);
  if (group.phase === 'PreparingRebalance' && group.rebalanceDeadlineMs <= nowMs) completeJoin(group, nowMs, effects);
  if (group.phase === 'CompletingRebalance' && group.syncDeadlineMs <= nowMs) endSync(group, limits, nowMs, effects);
}

/** The wait for syncs is over: members that did not come go. When it was the assignments that did not get written, all are sent to look for the coordinator. */
function endSync(group: Group, limits: GroupLimits, nowMs: number, effects: Effects): void {
  group.syncDeadlineMs = Number.POSITIVE_INFINITY;
  if (group.hasAssignments) {
    const outcome = { generationId: group.generationId, code: errorCode.COORDINATOR_NOT_AVAILABLE };
    completeSync(group, outcome, limits, nowMs, effects);
    return;
  }
  for (const member of [...group.members.values()]) {
    if (member.awaitingSync === undefined) removeAndRebalance(group, member, limits, nowMs, effects);
  }
  if (group.phase === 'CompletingRebalance') prepareRebalance(group, limits, nowMs, effects);
}
