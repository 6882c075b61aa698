import { earliestTimestamp, latestTimestamp, listOffsets, noLeader, partitionKey } from '../consumer/list-offsets.ts';
import type { KafkaError } from '../kafka-error.ts';
import { protocolFault } from '../kafka-error.ts';
import type { ClusterClient } from '../wire/cluster-client.ts';
import type { GroupOffsets } from './group-offsets.ts';
import type { TopicPartition } from './subscription.ts';

/** Where reading of a partition starts, and what the group has committed of it. */
export interface StartingOffset extends TopicPartition {
  readonly offset: number;
  readonly committed: number | undefined;
}

export interface StartingOffsets {
  readonly found: readonly StartingOffset[];
  readonly failed: readonly (TopicPartition & { readonly error: KafkaError })[];
}

/** What decides where partitions start that have no committed offset. */
export interface ResetRules {
  readonly startAt: 'earliest' | 'latest';
  /** Milliseconds since 1970: the first record of that time or later. Where none is that young, what `startAt` says. */
  readonly startAtMs?: number | undefined;
  readonly isolation: 'read_uncommitted' | 'read_committed';
  /** Whether a partition is younger than its reader. It is read from its beginning: all in it is new to the group. */
  readonly isNew: (topic: string, partition: number) => boolean;
}

/**
 * The committed offset of each partition, or the one that the rules give. A partition whose offset cannot be found is in `failed`
 * alone. Rejects only when nothing can be found out: no coordinator, no broker.
 */
export async function startingOffsets(
  client: ClusterClient,
  group: GroupOffsets,
  partitions: readonly TopicPartition[],
  rules: ResetRules,
): Promise<StartingOffsets> {
  if (!partitions.length) return { found: [], failed: [] };
  const { offsets, refused } = await group.fetch(partitions);
  const found: StartingOffset[] = [];
  const failed: (TopicPartition & { error: KafkaError })[] = [];
  const without: TopicPartition[] = [];
  for (const each of partitions) {
    const key = partitionKey(each.topic, each.partition);
    const code = refused.get(key);
    const committed = offsets.get(key);
    if (code !== undefined) failed.push({ ...each, error: protocolFault(code) });
    else if (committed !== undefined) found.push({ ...each, offset: committed, committed });
    else without.push(each);
  }
  const listed = await listedStarts(client, without, rules);
  for (const each of without) {
    const outcome = listed.get(partitionKey(each.topic, each.partition)) ?? noLeader(each);
    if (typeof outcome === 'number') found.push({ ...each, offset: outcome, committed: undefined });
    else failed.push({ ...each, error: outcome });
  }
  return { found, failed };
}

/** Where partitions without a committed offset start, by `partitionKey`. */
async function listedStarts(
  client: ClusterClient,
  partitions: readonly TopicPartition[],
  { startAt, startAtMs, isolation, isNew }: ResetRules,
): Promise<ReadonlyMap<string, number | KafkaError>> {
  if (!partitions.length) return new Map();
  const ends = ({ topic, partition }: TopicPartition) => ({
    topic,
    partition,
    timestamp: startAt === 'latest' && !isNew(topic, partition) ? latestTimestamp : earliestTimestamp,
  });
  if (startAtMs === undefined) return listOffsets(client, partitions.map(ends), isolation);
  const wanted = partitions.map(({ topic, partition }) => ({ topic, partition, timestamp: startAtMs }));
  const timed = await listOffsets(client, wanted, isolation);
  const tooOld = partitions.filter(({ topic, partition }) => timed.get(partitionKey(topic, partition)) === -1);
  if (!tooOld.length) return timed;
  return new Map([...timed, ...(await listOffsets(client, tooOld.map(ends), isolation))]);
}
