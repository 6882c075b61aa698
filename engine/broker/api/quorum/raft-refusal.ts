import type { ErrorCode } from '../../../protocol/error-codes.ts';
import { errorCode } from '../../../protocol/error-codes.ts';
import type { RequestContext } from '../handler.ts';
import type { QuorumServices } from './quorum-services.ts';

/** Why a raft request is refused as a whole: not from a broker of this cluster, or meant for another cluster. */
export function raftRefusal(
  { connection }: RequestContext,
  quorum: QuorumServices,
  clusterId: string | null,
): ErrorCode | undefined {
  if (!connection.isPeer) return errorCode.CLUSTER_AUTHORIZATION_FAILED;
  return clusterId !== null && clusterId !== quorum.clusterId ? errorCode.INCONSISTENT_CLUSTER_ID : undefined;
}
