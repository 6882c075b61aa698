import type { ErrorCode } from '../../../protocol/error-codes.ts';
import { errorCode } from '../../../protocol/error-codes.ts';
import type { MessageInput } from '../../../protocol/schema.ts';
import type { FetchRequest } from '../../../protocol/schemas/01-fetch.ts';
import { fetchRequest, fetchResponse } from '../../../protocol/schemas/01-fetch.ts';
import { clusterMetadataTopicName } from '../../../protocol/system-topics.ts';
import { metadataTopicId, zeroUuid } from '../../../protocol/uuid.ts';
import type { FetchedRow, FetchOptions } from '../../replica/fetch-target.ts';
import type { NearestReplica } from '../../replica/read/nearest-replica.ts';
import type { FetchScope } from '../fetch/fetch-scope.ts';
import { fetchScope } from '../fetch/fetch-scope.ts';
import { readableTargets } from '../fetch/readable-targets.ts';
import { shedFetch } from '../fetch/shed-fetch.ts';
import type { RequestContext } from '../handler.ts';
import { defineHandler } from '../handler.ts';
import type { ClusterView, TopicView } from '../metadata/cluster-view.ts';
import { LeaderHints } from '../metadata/leader-hints.ts';
import { fetchQuorum } from '../quorum/fetch-quorum.ts';
import type { BrokerServices } from '../services.ts';

/*
 * Fetch 4-18, for consumers and for followers.
 * - READ on each topic, and ever again in a session. No right makes a client a follower.
 * - Consumers read below the high watermark, followers (peers of this cluster only) to the end of the log; a follower's
 *   fetch offset is its acknowledgement.
 * - Waits up to maxWaitMs for minBytes; an error or a divergence is answered at once.
 * - maxBytes holds over all partitions, partitionMaxBytes for each; the first batch comes whole even if larger (KIP-74).
 * - Sessions (KIP-227, from 7 on): incremental responses carry only what is new; partitions that gave records are read
 *   last the next time.
 * - An isolation level that does not exist: UNKNOWN_SERVER_ERROR.
 * - Leader epochs are fenced (KIP-320); a diverging history is answered instead of records (KIP-595).
 * - A consumer over its quota gets nothing until it has waited; nobody gets more at a time than a window of its quota has,
 *   but for a first batch.
 * - No records are zero bytes, never null: librdkafka refuses null from version 12 on.
 * - A peer's fetch of the metadata topic is handed to raft; for clients there is no such topic.
 * - read_committed reads below the last stable offset and is told which transactions were aborted among the records.
 * - 11+: consumers may read from followers, up to the high watermark that these know. A consumer with a rack is sent to an in-sync
 *   replica of its rack, where `replica.selector.class` is Kafka's RackAwareReplicaSelector (KIP-392).
 */

type Response = MessageInput<typeof fetchResponse>;

type Services = Pick<
  BrokerServices,
  'brokerId' | 'metadata' | 'replicas' | 'settings' | 'fetchQuota' | 'fetchSessions' | 'quorum'
>;

/** Isolation levels by their number on the wire. */
const isolations = ['read-uncommitted', 'read-committed'] as const;
/** First version that names topics by id. */
const topicIdsSinceVersion = 13;
/** First version in which a consumer can be sent to a follower. */
const followersSinceVersion = 11;

export const fetchHandler = defineHandler(fetchRequest, fetchResponse, {
  needs: ['brokerId', 'metadata', 'replicas', 'settings', 'fetchQuota', 'fetchSessions', 'quorum'],
  handle: fetch,
  refuse: (request, code) => refusedFetch(code, request),
  shed: (request, response, { fetchSessions }) => shedFetch(request, response.sessionId, fetchSessions),
});

function fetch(request: FetchRequest, context: RequestContext, services: Services): Response | Promise<Response> {
  const isQuorum = isQuorumFetch(request);
  const replicaId = request.replicaState.replicaId >= 0 ? request.replicaState.replicaId : request.replicaId;
  const isBroker = (replicaId >= 0 || isQuorum) && context.isBroker;
  if (isQuorum && isBroker) return fetchQuorum(request, services.quorum);
  if (replicaId >= 0 && !isBroker)
    return { ...refusedFetch(errorCode.TOPIC_AUTHORIZATION_FAILED, request), errorCode: errorCode.NONE };
  if (!isolations[request.isolationLevel]) return refusedFetch(errorCode.UNKNOWN_SERVER_ERROR, request);
  const scope = fetchScope(request, context, services, replicaId >= 0);
  if (typeof scope === 'number') return refusedFetch(scope);
  const options = optionsOf(request, replicaId, context, services);
  const finish = (rows: readonly FetchedRow[]) => answer(request, scope, rows, context, services);
  const { allowed, refused } = readableTargets(scope.targets, context);
  if (refused.length > 0) {
    // What is refused is told at once.
    const rows = services.replicas.fetch(allowed, { ...options, maxWaitMs: 0 });
    return rows instanceof Promise
      ? rows.then((found) => finish([...found, ...refused]))
      : finish([...rows, ...refused]);
  }
  const rows = services.replicas.fetch(allowed, options);
  return rows instanceof Promise ? rows.then(finish) : finish(rows);
}

function isQuorumFetch({ topics }: FetchRequest): boolean {
  const first = topics[0];
  return first !== undefined && (first.topicId === metadataTopicId || first.topic === clusterMetadataTopicName);
}

function optionsOf(
  request: FetchRequest,
  replicaId: number,
  { apiVersion, connection, principal, clientId }: RequestContext,
  services: Services,
): FetchOptions {
  const { settings, fetchQuota } = services;
  const { responseBytesMax = Number.POSITIVE_INFINITY } = connection;
  const quotaBytesMax = replicaId >= 0 ? Number.POSITIVE_INFINITY : fetchQuota.fetchBytesMax(principal, clientId);
  const bytesMax = Math.min(settings.fetchMaxBytes, responseBytesMax, quotaBytesMax);
  const maxBytes = Math.floor(Math.min(Math.max(0, request.maxBytes), bytesMax));
  return {
    replicaId,
    replicaEpoch: request.replicaState.replicaEpoch,
    isolation: replicaId >= 0 ? 'log-end' : isolations[request.isolationLevel]!,
    maxWaitMs: request.maxWaitMs,
    minBytes: Math.min(request.minBytes, maxBytes),
    maxBytes,
    mayReadFollowers: replicaId < 0 && apiVersion >= followersSinceVersion,
    nearest: replicaId < 0 ? nearestFor(request.rackId, services) : undefined,
  };
}

/** Where the reader is, if that matters: it has a rack, and somebody has asked for replicas to be chosen by it. */
function nearestFor(rack: string, { brokerId, metadata, settings }: Services): NearestReplica | undefined {
  if (rack === '' || settings.replicaSelectorClass === '') return undefined;
  const { brokers } = metadata();
  const rackOf = (id: number) => {
    const broker = brokers.get(id);
    return broker && !broker.fenced ? (broker.rack ?? undefined) : undefined;
  };
  return { rack, localId: brokerId, rackOf };
}

/** A request that is refused as a whole; `rows` names its partitions too, as versions before 7 have no other place for it. */
function refusedFetch(code: number, rows?: FetchRequest): Response {
  const responses = (rows?.topics ?? []).map(({ topic, topicId, partitions }) => ({
    topic,
    topicId,
    partitions: partitions.map(({ partition }) => ({
      partitionIndex: partition,
      errorCode: code,
      highWatermark: -1,
      abortedTransactions: null,
      records: noRecords,
    })),
  }));
  return { errorCode: code, sessionId: 0, responses, nodeEndpoints: [] };
}

function answer(
  request: FetchRequest,
  scope: FetchScope,
  rows: readonly FetchedRow[],
  { apiVersion, session }: RequestContext,
  { metadata }: Services,
): Response {
  const view = metadata();
  const hints = new LeaderHints(view, session.listener);
  const isCommitted = isolations[request.isolationLevel] === 'read-committed';
  const topics = new Map<string, { topic: string; topicId: string; partitions: ReturnType<typeof describe>[] }>();
  for (const row of scope.rowsToSend(rows)) {
    const { topic, topicId } = row.target;
    const key = topicId === zeroUuid ? topic : topicId;
    const described = describe(row, apiVersion >= topicIdsSinceVersion, isCommitted, view, hints);
    const known = topics.get(key);
    if (known) known.partitions.push(described);
    else topics.set(key, { topic, topicId, partitions: [described] });
  }
  return {
    errorCode: errorCode.NONE,
    sessionId: scope.sessionId,
    responses: [...topics.values()],
    nodeEndpoints: hints.nodeEndpoints,
  };
}

function describe(row: FetchedRow, usesIds: boolean, isCommitted: boolean, view: ClusterView, hints: LeaderHints) {
  const { target } = row;
  const topic = topicOf(row, view);
  const code = refine(row, topic, usesIds);
  return {
    partitionIndex: target.partition,
    errorCode: code,
    highWatermark: row.highWatermark,
    lastStableOffset: row.lastStableOffset,
    logStartOffset: row.logStartOffset,
    divergingEpoch: row.diverging ?? noEpochEnd,
    currentLeader: hints.hintFor(code, topic, target.partition),
    abortedTransactions: row.abortedTransactions ?? (isCommitted ? [] : null),
    preferredReadReplica: row.preferredReadReplica ?? -1,
    records: row.records,
  };
}

const noRecords = Buffer.alloc(0);
const noEpochEnd = { epoch: -1, endOffset: -1 };

function topicOf({ target }: FetchedRow, view: ClusterView): TopicView | undefined {
  return target.topicId === zeroUuid ? view.topics.get(target.topic) : view.topicsById.get(target.topicId);
}

/** A partition that is not hosted here may not exist at all: only the metadata knows. */
function refine({ errorCode: code, target }: FetchedRow, topic: TopicView | undefined, usesIds: boolean): ErrorCode {
  if (code !== errorCode.NOT_LEADER_OR_FOLLOWER && code !== errorCode.INCONSISTENT_TOPIC_ID) return code;
  if (topic?.partitions[target.partition]) return code;
  if (!topic && usesIds) return errorCode.UNKNOWN_TOPIC_ID;
  return errorCode.UNKNOWN_TOPIC_OR_PARTITION;
}
