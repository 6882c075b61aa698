import type { ErrorCode } from '../../protocol/error-codes.ts';
import { errorCode } from '../../protocol/error-codes.ts';
import type { PartitionRole } from './partition-state.ts';

/**
 * Fences a request that carries the leader epoch its sender believes in (KIP-320). An older epoch means that the sender
 * missed an election, a newer one that this broker did. -1 is a client that does not know any.
 */
export function checkLeaderEpoch(role: PartitionRole | undefined, requested: number): ErrorCode {
  if (!role) return errorCode.NOT_LEADER_OR_FOLLOWER;
  if (requested !== -1 && requested < role.leaderEpoch) return errorCode.FENCED_LEADER_EPOCH;
  if (requested > role.leaderEpoch) return errorCode.UNKNOWN_LEADER_EPOCH;
  return role.kind === 'leader' ? errorCode.NONE : errorCode.NOT_LEADER_OR_FOLLOWER;
}
