import type { ErrorCode } from '../../protocol/error-codes.ts';
import { errorCode } from '../../protocol/error-codes.ts';
import type { Effects } from './effects.ts';
import type { Group, GroupLimits } from './group.ts';
import type { MemberClaim } from './member-check.ts';
import { refusalOfClaim } from './member-check.ts';
import { maybeCompleteJoin, removeAndRebalance } from './rebalance.ts';

/** LeaveGroup of one member. A static one may be named by its instance alone (KIP-345). */
export function leave(
  group: Group,
  claim: MemberClaim,
  limits: GroupLimits,
  nowMs: number,
  effects: Effects,
): ErrorCode {
  if (group.pendingMembers.delete(claim.memberId)) {
    maybeCompleteJoin(group, limits, nowMs, effects);
    return errorCode.NONE;
  }
  const byInstance =
    claim.memberId === '' && claim.groupInstanceId !== null
      ? group.staticMembers.get(claim.groupInstanceId)
      : undefined;
  const memberId = byInstance ?? claim.memberId;
  const refusal = refusalOfClaim(group, { memberId, groupInstanceId: claim.groupInstanceId });
  const member = group.members.get(memberId);
  if (refusal !== undefined || !member) return refusal ?? errorCode.UNKNOWN_MEMBER_ID;
  removeAndRebalance(group, member, limits, nowMs, effects);
  return errorCode.NONE;
}
