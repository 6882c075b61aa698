import type { ErrorCode } from '../../../protocol/error-codes.ts';
import { errorCode } from '../../../protocol/error-codes.ts';
import type { ClusterView, PartitionView } from './cluster-view.ts';

/** One partition as clients are told of it. */
export interface PartitionRow {
  readonly errorCode: ErrorCode;
  readonly partitionIndex: number;
  readonly leaderId: number;
  readonly leaderEpoch: number;
  readonly replicaNodes: readonly number[];
  readonly isrNodes: readonly number[];
  readonly offlineReplicas: readonly number[];
}

/** Replicas on fenced brokers are offline; a leader there is none: LEADER_NOT_AVAILABLE. */
export function partitionRow(partition: PartitionView, partitionIndex: number, view: ClusterView): PartitionRow {
  const isLive = (id: number) => view.brokers.get(id)?.fenced === false;
  const leaderId = isLive(partition.leader) ? partition.leader : -1;
  return {
    errorCode: leaderId === -1 ? errorCode.LEADER_NOT_AVAILABLE : errorCode.NONE,
    partitionIndex,
    leaderId,
    leaderEpoch: partition.leaderEpoch,
    replicaNodes: partition.replicas,
    isrNodes: partition.isr,
    offlineReplicas: partition.replicas.filter((id) => !isLive(id)),
  };
}
