import type { ErrorCode } from '../../../protocol/error-codes.ts';
import { errorCode } from '../../../protocol/error-codes.ts';
import type { MemberClaim } from './member-check.ts';
import { memberOfGeneration } from './member-check.ts';
import type { Member, Round } from './round.ts';

/** What a sign of life is answered with, and whose session starts anew by it. */
export interface SignOfLife {
  readonly errorCode: ErrorCode;
  readonly heard: Member | undefined;
}

/** Heartbeat of the classic protocol: keeps the session, and tells of a rebalance. */
export function heartbeat(round: Round, claim: MemberClaim, generationId: number): SignOfLife {
  const found = memberOfGeneration(round, claim, generationId);
  if ('refusal' in found) return { errorCode: found.refusal, heard: undefined };
  const isRebalancing = round.phase === 'PreparingRebalance';
  return { errorCode: isRebalancing ? errorCode.REBALANCE_IN_PROGRESS : errorCode.NONE, heard: found.member };
}
