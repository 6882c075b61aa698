import type { RecordValue } from '../record-value.ts';
import type { PartitionRegistration } from './topics-image.ts';

/** A partition after a change record. Naming a leader, even the same one, begins a new leader epoch. */
export function changedPartition(
  partition: PartitionRegistration,
  record: RecordValue<'PartitionChangeRecord'>,
): PartitionRegistration {
  const namesLeader = record.leader !== -2;
  return {
    replicas: record.replicas ?? partition.replicas,
    addingReplicas: record.addingReplicas ?? partition.addingReplicas,
    removingReplicas: record.removingReplicas ?? partition.removingReplicas,
    isr: record.isr ?? partition.isr,
    elr: record.eligibleLeaderReplicas ?? partition.elr,
    lastKnownElr: record.lastKnownElr ?? partition.lastKnownElr,
    leader: namesLeader ? record.leader : partition.leader,
    leaderEpoch: partition.leaderEpoch + (namesLeader ? 1 : 0),
    partitionEpoch: partition.partitionEpoch + 1,
    isRecovering: record.leaderRecoveryState === -1 ? partition.isRecovering : record.leaderRecoveryState === 1,
  };
}
