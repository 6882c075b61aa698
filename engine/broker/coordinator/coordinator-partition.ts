/** Java's String.hashCode, by which Kafka spreads groups and transactional ids over partitions. */
export function javaHash(text: string): number {
  let hash = 0;
  for (let index = 0; index < text.length; index++) hash = (Math.imul(hash, 31) + text.charCodeAt(index)) | 0;
  return hash;
}

/** The partition of a coordinator's topic that holds an id: abs(hashCode) mod count, with abs(MIN_VALUE) = 0 as in Kafka. */
export function coordinatorPartition(id: string, partitionCount: number): number {
  const hash = javaHash(id);
  return (hash === -(2 ** 31) ? 0 : Math.abs(hash)) % partitionCount;
}
