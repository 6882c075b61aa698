import type { Partition } from './partition.ts';

/** One replica of this broker as metrics and the studio show it. */
export interface PartitionStatus {
  readonly topic: string;
  readonly partition: number;
  readonly topicId: string;
  /** Monotonic time at which this replica was opened: one that was moved away and back is another one. */
  readonly hostedSinceMs: number;
  readonly isLeader: boolean;
  readonly leader: number;
  readonly leaderEpoch: number;
  readonly replicas: readonly number[];
  readonly isr: readonly number[];
  readonly minInsyncReplicas: number;
  readonly startOffset: number;
  readonly endOffset: number;
  readonly highWatermark: number;
  readonly sizeBytes: number;
  /** Appends with acks=all that wait for replicas. */
  readonly waitingAppends: number;
  /** Times committed data was cut; anything but 0 is data loss. */
  readonly truncationsBelowHighWatermark: number;
}

export function statusOf(partition: Partition): PartitionStatus {
  const { role, log } = partition;
  const hint = partition.leaderHint;
  return {
    topic: partition.topic,
    partition: partition.partition,
    topicId: partition.topicId,
    hostedSinceMs: partition.hostedSinceMs,
    isLeader: role?.kind === 'leader',
    leader: hint.leaderId,
    leaderEpoch: hint.leaderEpoch,
    replicas: role?.replicas ?? [],
    isr: role?.isr ?? [],
    minInsyncReplicas: partition.minInsyncReplicas,
    startOffset: log.startOffset,
    endOffset: log.endOffset,
    highWatermark: partition.highWatermark,
    sizeBytes: log.sizeBytes,
    waitingAppends: partition.waits.length,
    truncationsBelowHighWatermark: partition.truncationsBelowHighWatermark,
  };
}
