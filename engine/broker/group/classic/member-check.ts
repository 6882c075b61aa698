import type { ErrorCode } from '../../../protocol/error-codes.ts';
import { errorCode } from '../../../protocol/error-codes.ts';
import type { Member, Round } from './round.ts';

/** Who says it is a member. */
export interface MemberClaim {
  readonly memberId: string;
  readonly groupInstanceId: string | null;
}

type Members = Pick<Round, 'phase' | 'members' | 'staticMembers' | 'generationId'>;

/**
 * Why a claim does not hold: FENCED_INSTANCE_ID when another member has taken over the instance (KIP-345),
 * UNKNOWN_MEMBER_ID when there is no such member. Undefined when it holds.
 */
export function refusalOfClaim(round: Members, { memberId, groupInstanceId }: MemberClaim): ErrorCode | undefined {
  if (round.phase === 'Dead') return errorCode.COORDINATOR_NOT_AVAILABLE;
  if (groupInstanceId !== null) {
    const current = round.staticMembers.get(groupInstanceId);
    if (current === undefined) return errorCode.UNKNOWN_MEMBER_ID;
    if (current !== memberId) return errorCode.FENCED_INSTANCE_ID;
  }
  return round.members.has(memberId) ? undefined : errorCode.UNKNOWN_MEMBER_ID;
}

/** The member that a claim names, with its generation checked; or why not. */
export function memberOfGeneration(
  round: Members,
  claim: MemberClaim,
  generationId: number,
): { readonly member: Member } | { readonly refusal: ErrorCode } {
  const refusal = refusalOfClaim(round, claim);
  if (refusal !== undefined) return { refusal };
  const member = round.members.get(claim.memberId);
  if (!member) return { refusal: errorCode.UNKNOWN_MEMBER_ID };
  return generationId === round.generationId ? { member } : { refusal: errorCode.ILLEGAL_GENERATION };
}
