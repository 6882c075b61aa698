import type { Result } from '../../../base/result.ts';
import { ok } from '../../../base/result.ts';
import type { ErrorCode } from '../../../protocol/error-codes.ts';
import { errorCode } from '../../../protocol/error-codes.ts';
import type { Int64 } from '../../../protocol/int64.ts';
import type { MessageInput } from '../../../protocol/schema.ts';
import type { ListOffsetsRequest } from '../../../protocol/schemas/02-list-offsets.ts';
import { listOffsetsRequest, listOffsetsResponse } from '../../../protocol/schemas/02-list-offsets.ts';
import type { TimestampedOffset } from '../../log/partition-log.ts';
import type { Partition } from '../../replica/partition.ts';
import type { RequestContext } from '../handler.ts';
import { defineHandler } from '../handler.ts';
import { leaderFor } from '../metadata/leader-for.ts';
import type { BrokerServices } from '../services.ts';

/*
 * ListOffsets 1-11: an offset for a timestamp, or for a marker.
 * - -1 latest (the high watermark for consumers), -2 earliest, -3 largest timestamp (7+), -4 earliest local (8+, the same
 *   as earliest: there is no tiering), -5 latest tiered (9+) and -6 earliest pending upload (11+): none, offset -1.
 * - DESCRIBE on the topic.
 * - An unknown marker, or one that the version does not know: UNSUPPORTED_VERSION. A partition that is asked for twice:
 *   INVALID_REQUEST. An isolation level that does not exist: UNKNOWN_SERVER_ERROR.
 * - Replica -2 (a reader that debugs) is answered by any replica, to the end of its log.
 * - A timestamp that no committed record reaches: offset -1 without an error.
 * - Leader epochs are fenced (KIP-320). Right after an election latest and timestamps are OFFSET_NOT_AVAILABLE (before
 *   version 5 LEADER_NOT_AVAILABLE) until the high watermark has reached the new epoch, so that it never seems to go back
 *   (KIP-207).
 * - read_committed sees no further than the last stable offset.
 */

type Asked = ListOffsetsRequest['topics'][number]['partitions'][number];
type Services = Pick<BrokerServices, 'metadata' | 'replicas'>;
type Row = MessageInput<typeof listOffsetsResponse>['topics'][number]['partitions'][number];

const marker = {
  latest: -1,
  earliest: -2,
  largestTimestamp: -3,
  earliestLocal: -4,
  latestTiered: -5,
  earliestPendingUpload: -6,
} as const;

/** First version that knows a marker. */
const markerSinceVersion: ReadonlyMap<number, number> = new Map([
  [marker.largestTimestamp, 7],
  [marker.earliestLocal, 8],
  [marker.latestTiered, 9],
  [marker.earliestPendingUpload, 11],
]);

/** Replica id of a reader that looks at one replica, whoever leads (Kafka's DEBUGGING_REPLICA_ID). */
const debuggingReplica = -2;
/** Isolation levels by their number on the wire. */
const isolations = ['read-uncommitted', 'read-committed'] as const;

export const listOffsetsHandler = defineHandler(listOffsetsRequest, listOffsetsResponse, {
  needs: ['metadata', 'replicas'],
  handle: listOffsets,
  refuse: ({ topics }, code) => ({
    topics: topics.map(({ name, partitions }) => ({
      name,
      partitions: partitions.map((asked) => failed(asked, code)),
    })),
  }),
});

async function listOffsets(
  request: ListOffsetsRequest,
  context: RequestContext,
  services: Services,
): Promise<MessageInput<typeof listOffsetsResponse>> {
  const topics = request.topics.map(async ({ name, partitions }) => {
    const repeated = repeatedIndexes(partitions);
    const rows: (Row | Promise<Row>)[] = [...repeated].map((partitionIndex) =>
      failed({ partitionIndex }, errorCode.INVALID_REQUEST),
    );
    for (const asked of partitions)
      if (!repeated.has(asked.partitionIndex)) rows.push(listOne(name, asked, request, context, services));
    return { name, partitions: await Promise.all(rows) };
  });
  return { topics: await Promise.all(topics) };
}

function repeatedIndexes(partitions: readonly Asked[]): ReadonlySet<number> {
  const seen = new Set<number>();
  const repeated = new Set<number>();
  for (const { partitionIndex } of partitions) {
    if (seen.has(partitionIndex)) repeated.add(partitionIndex);
    seen.add(partitionIndex);
  }
  return repeated;
}

function listOne(
  name: string,
  asked: Asked,
  request: ListOffsetsRequest,
  context: RequestContext,
  services: Services,
): Row | Promise<Row> {
  const { apiVersion } = context;
  const { replicaId, isolationLevel } = request;
  const isolation = isolations[isolationLevel];
  if (!isolation) return failed(asked, errorCode.UNKNOWN_SERVER_ERROR);
  if (!context.authorize('describe', 'topic', name)) return failed(asked, errorCode.TOPIC_AUTHORIZATION_FAILED);
  const replica = replicaFor(name, asked, replicaId, services);
  if (!replica.ok) return failed(asked, replica.error);
  if (asked.timestamp < marker.earliestPendingUpload || apiVersion < sinceVersion(asked.timestamp))
    return failed(asked, errorCode.UNSUPPORTED_VERSION);
  const partition = replica.value;
  const seesAll = replicaId === debuggingReplica || (replicaId >= 0 && context.isBroker);
  if (!seesAll && readsCommitted(asked.timestamp) && !hasReachedEpoch(partition)) {
    const code = apiVersion >= 5 ? errorCode.OFFSET_NOT_AVAILABLE : errorCode.LEADER_NOT_AVAILABLE;
    return failed(asked, code);
  }
  return found(asked, partition, partition.readBounds(seesAll ? 'log-end' : isolation));
}

function replicaFor(
  name: string,
  { partitionIndex, currentLeaderEpoch }: Asked,
  replicaId: number,
  services: Services,
): Result<Partition, ErrorCode> {
  const hosted = replicaId === debuggingReplica ? services.replicas.hostedPartition(name, partitionIndex) : undefined;
  return hosted ? ok(hosted) : leaderFor(services, name, partitionIndex, currentLeaderEpoch);
}

function sinceVersion(timestamp: Int64): number {
  return typeof timestamp === 'number' ? (markerSinceVersion.get(timestamp) ?? 0) : 0;
}

/** Markers that do not depend on the high watermark are answered in any case. */
function readsCommitted(timestamp: Int64): boolean {
  return timestamp >= 0 || timestamp === marker.latest || timestamp === marker.largestTimestamp;
}

function hasReachedEpoch(partition: Partition): boolean {
  return partition.highWatermark >= (partition.leaderRole?.epochStartOffset ?? 0);
}

function found(asked: Asked, partition: Partition, end: number): Row | Promise<Row> {
  const { log, inflations } = partition;
  switch (asked.timestamp) {
    case marker.latest:
      return row(asked, end, -1, log.latestEpoch);
    case marker.earliest:
    case marker.earliestLocal:
      return row(asked, log.startOffset, -1, log.epochAt(log.startOffset));
    case marker.latestTiered:
    case marker.earliestPendingUpload:
      return row(asked, -1, -1, -1);
    default: {
      const hit =
        asked.timestamp === marker.largestTimestamp
          ? log.offsetOfLargestTimestamp(end, inflations)
          : log.offsetForTimestamp(asked.timestamp, end, inflations);
      return hit instanceof Promise ? hit.then((settled) => hitRow(asked, settled)) : hitRow(asked, hit);
    }
  }
}

function hitRow(asked: Asked, hit: TimestampedOffset | undefined): Row {
  return hit ? row(asked, hit.offset, hit.timestampMs, hit.leaderEpoch) : row(asked, -1, -1, -1);
}

function row({ partitionIndex }: Asked, offset: number, timestamp: Int64, leaderEpoch: number): Row {
  return { partitionIndex, errorCode: errorCode.NONE, timestamp, offset, leaderEpoch };
}

function failed({ partitionIndex }: { readonly partitionIndex: number }, code: number): Row {
  return { partitionIndex, errorCode: code, timestamp: -1, offset: -1, leaderEpoch: -1 };
}
