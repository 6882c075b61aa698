import type { Partition } from '../partition.ts';

/** Where a consumer is, and where brokers are: who asks may be told to read from a replica of its rack (KIP-392). */
export interface NearestReplica {
  /** `client.rack` of the consumer; not empty. */
  readonly rack: string;
  readonly localId: number;
  /** The rack of a broker that is in service; undefined where it has none or is not. */
  readonly rackOf: (brokerId: number) => string | undefined;
}

/**
 * The replica in the consumer's rack that it should read from, by Kafka's RackAwareReplicaSelector: this leader where it is
 * there, else the in-sync follower with most of the records that has what is asked for. Undefined: read here.
 */
export function nearestReplica(
  { leaderRole, log }: Partition,
  fetchOffset: number,
  { rack, localId, rackOf }: NearestReplica,
): number | undefined {
  if (!leaderRole || rackOf(localId) === rack || fetchOffset < log.startOffset) return undefined;
  let nearest: number | undefined;
  let mostRecords = -1;
  for (const [id, { endOffset, startOffset }] of leaderRole.followers) {
    const holdsOffset = startOffset <= fetchOffset && fetchOffset <= endOffset;
    if (!holdsOffset || endOffset <= mostRecords || !leaderRole.isr.includes(id) || rackOf(id) !== rack) continue;
    nearest = id;
    mostRecords = endOffset;
  }
  return nearest;
}
