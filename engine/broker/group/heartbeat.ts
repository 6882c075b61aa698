import type { ErrorCode } from '../../protocol/error-codes.ts';
import { errorCode } from '../../protocol/error-codes.ts';
import type { Group } from './group.ts';
import { refreshSession } from './group.ts';
import type { MemberClaim } from './member-check.ts';
import { memberOfGeneration } from './member-check.ts';

/** Heartbeat of the classic protocol: keeps the session, and tells of a rebalance. */
export function heartbeat(group: Group, claim: MemberClaim, generationId: number, nowMs: number): ErrorCode {
  const found = memberOfGeneration(group, claim, generationId);
  if ('refusal' in found) return found.refusal;
  refreshSession(found.member, nowMs);
  return group.phase === 'PreparingRebalance' ? errorCode.REBALANCE_IN_PROGRESS : errorCode.NONE;
}
