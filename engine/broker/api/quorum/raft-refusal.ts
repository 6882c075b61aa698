import type { ErrorCode } from '../../../protocol/error-codes.ts';
import { errorCode } from '../../../protocol/error-codes.ts';
import type { QuorumServices } from './quorum-services.ts';

/** Why a raft request of another broker is refused as a whole: it is meant for another cluster. */
export function raftRefusal(quorum: QuorumServices, clusterId: string | null): ErrorCode | undefined {
  return clusterId !== null && clusterId !== quorum.clusterId ? errorCode.INCONSISTENT_CLUSTER_ID : undefined;
}
