import type { ErrorCode } from '../../../protocol/error-codes.ts';
import { errorCode } from '../../../protocol/error-codes.ts';
import type { MessageInput } from '../../../protocol/schema.ts';
import type { MetadataRequest } from '../../../protocol/schemas/03-metadata.ts';
import { metadataRequest, metadataResponse } from '../../../protocol/schemas/03-metadata.ts';
import { isInternalTopic } from '../../../protocol/system-topics.ts';
import { zeroUuid } from '../../../protocol/uuid.ts';
import { clusterName } from '../../security/resource.ts';
import { clusterOperations } from '../authorization/cluster-operations.ts';
import { splitByRight } from '../authorization/split-by-right.ts';
import type { RequestContext } from '../handler.ts';
import { defineHandler } from '../handler.ts';
import type { CreationServices } from '../metadata/auto-create-topics.ts';
import { createTopics } from '../metadata/auto-create-topics.ts';
import type { ClusterView, TopicView } from '../metadata/cluster-view.ts';
import { controllerForClients, liveBrokers, viewThrough } from '../metadata/cluster-view.ts';
import { partitionRow } from '../metadata/partition-row.ts';
import { isCreatableTopicName, isLegalTopicName } from '../metadata/topic-name.ts';
import type { BrokerServices } from '../services.ts';

/*
 * Metadata 0-13.
 * - Version 0: an empty list means all topics; from 1 on null means all and empty means none.
 * - Topics by id (12+) or by name, each answered once; an unknown id is UNKNOWN_TOPIC_ID, an illegal name
 *   INVALID_TOPIC_EXCEPTION. Ids or neither id nor name in 10 and 11: INVALID_REQUEST for all of the request; neither in 12 and
 *   13: UNKNOWN_SERVER_ERROR, as in Kafka.
 * - A missing topic is created when the request allows it (always before version 4) and auto.create.topics.enable is on;
 *   the answer is LEADER_NOT_AVAILABLE until the creation has reached this broker, which the client repeats.
 * - Waits while this broker is starting: what it knows before it has caught up would pass for an empty cluster. As in Kafka,
 *   which serves no client before that.
 * - Brokers are told where the client can reach them: at the listener that it came in on; those without it are not listed.
 * - Fenced brokers are not listed; replicas on them are offline; a partition without a leader is LEADER_NOT_AVAILABLE.
 * - controllerId is always a listed broker: kafkajs sends admin calls to it, and any broker forwards them.
 * - DESCRIBE on each topic; of all topics those without are left out, others are refused whether they exist or not. To create one
 *   takes CREATE on it or on the cluster besides.
 * - 8+: authorized operations when asked for.
 */

type Response = MessageInput<typeof metadataResponse>;
type Services = CreationServices &
  Pick<BrokerServices, 'activeControllerId' | 'brokerId' | 'clusterId' | 'metadata' | 'untilReady'>;
type TopicRow = Response['topics'][number];

/** Versions 10 and 11 carry ids too, but Kafka finds topics by them from 12 on (KAFKA-10774). */
const idsServedSinceVersion = 12;

export const metadataHandler = defineHandler(metadataRequest, metadataResponse, {
  needs: [
    'activeControllerId',
    'brokerId',
    'clusterId',
    'controller',
    'log',
    'metadata',
    'quorum',
    'settings',
    'untilReady',
  ],
  handle: (request, context, broker) => {
    const ready = broker.untilReady();
    const describe = () => describeAsked(request, context, broker);
    const described = ready ? ready.then(describe) : describe();
    return described instanceof Promise
      ? described.then((response) => withOperations(request, response, context))
      : withOperations(request, described, context);
  },
  refuse: ({ topics }, code) => refusedAnswer(topics ?? [], code),
});

/** Fills in what a client may do, where it asked for it and the response is no refusal. */
function withOperations(request: MetadataRequest, response: Response, context: RequestContext): Response {
  const { includeClusterAuthorizedOperations, includeTopicAuthorizedOperations } = request;
  if (response.errorCode !== errorCode.NONE) return response;
  return {
    ...response,
    ...(includeClusterAuthorizedOperations ? { clusterAuthorizedOperations: clusterOperations(context) } : {}),
    topics: includeTopicAuthorizedOperations
      ? response.topics.map((row) => rowWithOperations(row, context))
      : response.topics,
  };
}

function rowWithOperations(row: TopicRow, context: RequestContext): TopicRow {
  const { name } = row;
  if (typeof name !== 'string' || row.errorCode === errorCode.TOPIC_AUTHORIZATION_FAILED) return row;
  return { ...row, topicAuthorizedOperations: context.operationsOn('topic', name) };
}

function mayDescribe(name: string, context: RequestContext): boolean {
  return context.authorize('describe', 'topic', name);
}

function describeAsked(
  request: MetadataRequest,
  context: RequestContext,
  broker: Services,
): Response | Promise<Response> {
  const { apiVersion, session } = context;
  const view = viewThrough(broker.metadata(), session.listener);
  const asked = askedTopics(request, apiVersion);
  if (asked === undefined)
    return answer(
      broker,
      view,
      [...view.topics.values()].filter(({ name }) => mayDescribe(name, context)).map((topic) => describe(topic, view)),
    );
  if (isMalformed(asked, apiVersion)) return refusedAnswer(asked, malformedCode(apiVersion));
  const missing = missingNames(asked, request, view, broker, context);
  const { allowed, refused } = splitByRight(missing, (name) => mayCreate(name, context));
  const refusals = new Map<string, ErrorCode>(refused.map((name) => [name, errorCode.TOPIC_AUTHORIZATION_FAILED]));
  if (allowed.length === 0) return answer(broker, view, rows(asked, view, refusals, context));
  return createTopics(allowed, broker, context).then(({ codes, throttleTimeMs }) => {
    const after = viewThrough(broker.metadata(), session.listener);
    const shown = rows(asked, after, new Map([...codes, ...refusals]), context);
    return { ...answer(broker, after, shown), throttleTimeMs };
  });
}

interface AskedTopic {
  readonly topicId: string;
  readonly name: string | null;
}

/** Undefined: all topics. Each topic once, however often the request names it. */
function askedTopics({ topics }: MetadataRequest, apiVersion: number): readonly AskedTopic[] | undefined {
  if (topics === null || (apiVersion === 0 && topics.length === 0)) return undefined;
  const asked = new Map<string, AskedTopic>();
  for (const topic of topics) {
    const key = topic.topicId === zeroUuid ? `name ${topic.name}` : topic.topicId;
    if (!asked.has(key)) asked.set(key, topic);
  }
  return [...asked.values()];
}

/** Whether a request names topics in a way that its version does not know: neither by name nor by id, or by id before 12. */
function isMalformed(asked: readonly AskedTopic[], apiVersion: number): boolean {
  const idsServed = apiVersion >= idsServedSinceVersion;
  return asked.some(({ topicId, name }) => (topicId === zeroUuid ? name === null : !idsServed));
}

/** Topics that asking for them would bring into being. */
function missingNames(
  asked: readonly AskedTopic[],
  request: MetadataRequest,
  view: ClusterView,
  broker: Services,
  context: RequestContext,
): readonly string[] {
  if (!request.allowAutoTopicCreation || !broker.settings.autoCreateTopicsEnable) return [];
  return asked
    .filter(({ topicId }) => topicId === zeroUuid)
    .map(({ name }) => name ?? '')
    .filter((name) => isCreatableTopicName(name) && !view.topics.has(name) && mayDescribe(name, context));
}

function mayCreate(name: string, context: RequestContext): boolean {
  return context.authorize('create', 'cluster', clusterName) || context.authorize('create', 'topic', name);
}

function rows(
  asked: readonly AskedTopic[],
  view: ClusterView,
  codes: ReadonlyMap<string, ErrorCode>,
  context: RequestContext,
): readonly TopicRow[] {
  return asked.map(({ topicId, name }) => {
    if (topicId !== zeroUuid) {
      const topic = view.topicsById.get(topicId);
      if (!topic) return failedRow(null, topicId, errorCode.UNKNOWN_TOPIC_ID);
      if (!mayDescribe(topic.name, context)) return failedRow(null, topicId, errorCode.TOPIC_AUTHORIZATION_FAILED);
      return describe(topic, view);
    }
    if (!mayDescribe(name ?? '', context)) return failedRow(name, zeroUuid, errorCode.TOPIC_AUTHORIZATION_FAILED);
    const topic = view.topics.get(name ?? '');
    return topic ? describe(topic, view) : failedRow(name, zeroUuid, missingCode(name ?? '', codes));
  });
}

function missingCode(name: string, codes: ReadonlyMap<string, ErrorCode>): ErrorCode {
  if (!isLegalTopicName(name)) return errorCode.INVALID_TOPIC_EXCEPTION;
  return codes.get(name) ?? errorCode.UNKNOWN_TOPIC_OR_PARTITION;
}

function failedRow(name: string | null, topicId: string, code: ErrorCode): TopicRow {
  return { errorCode: code, name, topicId, isInternal: name !== null && isInternalTopic(name), partitions: [] };
}

function malformedCode(apiVersion: number): ErrorCode {
  return apiVersion < idsServedSinceVersion ? errorCode.INVALID_REQUEST : errorCode.UNKNOWN_SERVER_ERROR;
}

/** A request that is refused as a whole, which older versions can say on the rows only. */
function refusedAnswer(asked: readonly AskedTopic[], code: ErrorCode): Response {
  const topics = asked.map(({ topicId, name }) => failedRow(name ?? '', topicId, code));
  return { brokers: [], clusterId: null, controllerId: -1, topics, errorCode: code };
}

function describe(topic: TopicView, view: ClusterView): TopicRow {
  return {
    errorCode: errorCode.NONE,
    name: topic.name,
    topicId: topic.id,
    isInternal: isInternalTopic(topic.name),
    partitions: topic.partitions.map((partition, index) => partitionRow(partition, index, view)),
  };
}

function answer(
  broker: Pick<BrokerServices, 'activeControllerId' | 'brokerId' | 'clusterId'>,
  view: ClusterView,
  topics: readonly TopicRow[],
): Response {
  return {
    brokers: liveBrokers(view).map(({ id, host, port, rack }) => ({ nodeId: id, host, port, rack })),
    clusterId: broker.clusterId,
    controllerId: controllerForClients(view, broker.activeControllerId(), broker.brokerId),
    topics,
    errorCode: errorCode.NONE,
  };
}
