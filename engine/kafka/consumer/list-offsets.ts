import { apis } from '../../protocol/api-keys.ts';
import { errorCode as codes } from '../../protocol/error-codes.ts';
import { KafkaError, protocolFault, WireFault } from '../kafka-error.ts';
import type { ClusterClient } from '../wire/cluster-client.ts';
import { leadershipErrors, topicErrors } from './row-errors.ts';

/** One offset to find: -2 the earliest, -1 the latest, else the first record at or after that time. */
export interface OffsetWanted {
  readonly topic: string;
  readonly partition: number;
  readonly timestamp: number;
}

export const earliestTimestamp = -2;
export const latestTimestamp = -1;

/** Key of a partition in maps. */
export const partitionKey = (topic: string, partition: number): string => `${topic}-${partition}`;

type Found = Map<string, number | KafkaError>;
type Isolation = 'read_uncommitted' | 'read_committed';

/**
 * Asks each leader once for the offsets of its partitions. Each row has its own outcome, by `partitionKey`: the offset (-1 when
 * no record is that young) or why there is none. Rejects only when no broker tells who leads.
 */
export async function listOffsets(
  client: ClusterClient,
  wanted: readonly OffsetWanted[],
  isolation: Isolation,
  signal?: AbortSignal,
): Promise<Found> {
  const found: Found = new Map();
  const topics = await client.metadata.require([...new Set(wanted.map(({ topic }) => topic))]);
  const byLeader = new Map<number, OffsetWanted[]>();
  for (const row of wanted) {
    const topic = topics.get(row.topic);
    const key = partitionKey(row.topic, row.partition);
    if (!topic || topic instanceof KafkaError) {
      found.set(key, topic ?? unknownTopic(row.topic));
      continue;
    }
    const leader = topic.partitions[row.partition]?.leader;
    if (leader === undefined) found.set(key, missingPartition(row, topic.partitions.length));
    else if (leader < 0) found.set(key, noLeader(row));
    else byLeader.set(leader, [...(byLeader.get(leader) ?? []), row]);
  }
  if ([...found.values()].some((outcome) => outcome instanceof KafkaError && outcome.retriable))
    client.metadata.stale('a partition has no leader');
  await Promise.all([...byLeader].map(([leader, rows]) => askLeader(client, leader, rows, isolation, signal, found)));
  return found;
}

export function unknownTopic(topic: string): WireFault {
  return new WireFault('KAFKA_UNKNOWN_TOPIC', `topic "${topic}" does not exist`);
}

export function noLeader({ topic, partition }: { topic: string; partition: number }): WireFault {
  return new WireFault('KAFKA_NO_LEADER', `partition ${partition} of topic "${topic}" has no leader`, {
    retriable: true,
  });
}

export function missingPartition({ topic, partition }: { topic: string; partition: number }, count: number): WireFault {
  return new WireFault(
    'KAFKA_UNKNOWN_PARTITION',
    `topic "${topic}" has ${count} partitions: expected one from 0 to ${count - 1}, found ${partition}`,
  );
}

async function askLeader(
  client: ClusterClient,
  leader: number,
  rows: readonly OffsetWanted[],
  isolation: Isolation,
  signal: AbortSignal | undefined,
  found: Found,
): Promise<void> {
  const byTopic = Map.groupBy(rows, ({ topic }) => topic);
  const topics = [...byTopic].map(([name, partitions]) => ({
    name,
    partitions: partitions.map(({ partition, timestamp }) => ({
      partitionIndex: partition,
      currentLeaderEpoch: client.metadata.topic(name)?.partitions[partition]?.leaderEpoch ?? -1,
      timestamp,
    })),
  }));
  try {
    const body = { replicaId: -1, isolationLevel: isolation === 'read_committed' ? 1 : 0, topics };
    const response = await client.request(leader, apis.listOffsets, body, signal ? { signal } : {});
    for (const { name, partitions } of response.topics) {
      for (const { partitionIndex, errorCode, offset } of partitions) {
        const key = partitionKey(name, partitionIndex);
        if (errorCode === codes.NONE) found.set(key, offset);
        else found.set(key, refusedRow(client, name, partitionIndex, errorCode));
      }
    }
  } catch (error) {
    if (!(error instanceof KafkaError)) throw error;
    client.metadata.stale(`broker ${leader} did not tell offsets`);
    for (const { topic, partition } of rows) found.set(partitionKey(topic, partition), error);
  }
}

function refusedRow(client: ClusterClient, topic: string, partition: number, code: number): KafkaError {
  if (leadershipErrors.has(code) || topicErrors.has(code))
    client.metadata.stale(`offsets of partition ${partition} of topic "${topic}" refused`);
  return protocolFault(code);
}
