import type { ErrorCode } from '../../../protocol/error-codes.ts';
import { errorCode } from '../../../protocol/error-codes.ts';
import type { MemberClaim } from './member-check.ts';
import { refusalOfClaim } from './member-check.ts';
import type { ClassicPlan, ClassicView, PlanContext } from './plan.ts';
import { Draft } from './plan.ts';
import { maybeCompleteJoin, removeAndRebalance } from './rebalance.ts';

/** What a leave does, and the code of each member that it names. */
export interface LeavePlan {
  readonly plan: ClassicPlan;
  readonly codes: readonly ErrorCode[];
}

/** LeaveGroup of several members. Static ones may be named by their instance alone (KIP-345). */
export function planLeave(view: ClassicView, context: PlanContext, claims: readonly MemberClaim[]): LeavePlan {
  const draft = new Draft(view, context);
  const codes = claims.map((claim) => leave(draft, claim));
  return { plan: draft.plan, codes };
}

function leave(draft: Draft, claim: MemberClaim): ErrorCode {
  if (draft.pendingMembers.delete(claim.memberId)) {
    maybeCompleteJoin(draft);
    return errorCode.NONE;
  }
  const byInstance =
    claim.memberId === '' && claim.groupInstanceId !== null
      ? draft.staticMembers.get(claim.groupInstanceId)
      : undefined;
  const memberId = byInstance ?? claim.memberId;
  const refusal = refusalOfClaim(draft, { memberId, groupInstanceId: claim.groupInstanceId });
  const member = draft.members.get(memberId);
  if (refusal !== undefined || !member) return refusal ?? errorCode.UNKNOWN_MEMBER_ID;
  removeAndRebalance(draft, member);
  return errorCode.NONE;
}
