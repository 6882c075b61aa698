import type { MetadataImage } from '../metadata-image.ts';
import type { PartitionRegistration } from './topics-image.ts';

/** The first state of a partition: its active replicas are in sync, the first of them leads. */
export function firstRegistration(image: MetadataImage, replicas: readonly number[]): PartitionRegistration {
  const isr = replicas.filter((broker) => image.isActive(broker));
  return {
    replicas,
    addingReplicas: [],
    removingReplicas: [],
    isr,
    elr: [],
    lastKnownElr: [],
    leader: isr[0] ?? -1,
    leaderEpoch: 0,
    partitionEpoch: 0,
    isRecovering: false,
  };
}
