import type { ErrorCode } from '../../protocol/error-codes.ts';
import { errorCode } from '../../protocol/error-codes.ts';
import type { Group, Member } from './group.ts';

/** Who says it is a member. */
export interface MemberClaim {
  readonly memberId: string;
  readonly groupInstanceId: string | null;
}

/**
 * Why a claim does not hold: FENCED_INSTANCE_ID when another member has taken over the instance (KIP-345),
 * UNKNOWN_MEMBER_ID when there is no such member. Undefined when it holds.
 */
export function refusalOfClaim(group: Group, { memberId, groupInstanceId }: MemberClaim): ErrorCode | undefined {
  if (group.phase === 'Dead') return errorCode.COORDINATOR_NOT_AVAILABLE;
  if (groupInstanceId !== null) {
    const current = group.staticMembers.get(groupInstanceId);
    if (current === undefined) return errorCode.UNKNOWN_MEMBER_ID;
    if (current !== memberId) return errorCode.FENCED_INSTANCE_ID;
  }
  return group.members.has(memberId) ? undefined : errorCode.UNKNOWN_MEMBER_ID;
}

/** The member that a claim names, with its generation checked; or why not. */
export function memberOfGeneration(
  group: Group,
  claim: MemberClaim,
  generationId: number,
): { readonly member: Member } | { readonly refusal: ErrorCode } {
  const refusal = refusalOfClaim(group, claim);
  if (refusal !== undefined) return { refusal };
  const member = group.members.get(claim.memberId);
  if (!member) return { refusal: errorCode.UNKNOWN_MEMBER_ID };
  return generationId === group.generationId ? { member } : { refusal: errorCode.ILLEGAL_GENERATION };
}
