import type { MetadataImage } from '../metadata-image.ts';

/** Why replicas named by hand cannot be used for a partition, in Kafka's words; undefined when they can. */
export function assignmentFault(
  image: MetadataImage,
  partitionId: number,
  replicas: readonly number[],
  replicationFactor: number | undefined,
): string | undefined {
  const fault = replicasFault(image, replicas, replicationFactor);
  if (fault) return fault;
  if (!replicas.some((broker) => image.isActive(broker)))
    return `All brokers specified in the manual partition assignment for partition ${partitionId} are fenced or in controlled shutdown.`;
  return undefined;
}

/** The same for replicas that exist in part: they may all be down. */
export function replicasFault(
  image: MetadataImage,
  replicas: readonly number[],
  replicationFactor?: number,
): string | undefined {
  if (replicas.length === 0) return 'The manual partition assignment includes an empty replica list.';
  for (const [index, broker] of replicas.entries()) {
    if (!image.brokers.has(broker))
      return `The manual partition assignment includes broker ${broker}, but no such broker is registered.`;
    if (replicas.indexOf(broker) !== index)
      return `The manual partition assignment includes the broker ${broker} more than once.`;
  }
  if (replicationFactor !== undefined && replicas.length !== replicationFactor)
    return `The manual partition assignment includes a partition with ${replicas.length} replica(s), but this is not consistent with previous partitions, which have ${replicationFactor} replica(s).`;
  return undefined;
}
