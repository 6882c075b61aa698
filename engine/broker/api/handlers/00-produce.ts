import type { ErrorCode } from '../../../protocol/error-codes.ts';
import { errorCode } from '../../../protocol/error-codes.ts';
import type { MessageInput } from '../../../protocol/schema.ts';
import type { ProduceRequest } from '../../../protocol/schemas/00-produce.ts';
import { produceRequest, produceResponse } from '../../../protocol/schemas/00-produce.ts';
import { isInternalTopic, isReservedTopicName } from '../../../protocol/system-topics.ts';
import type { AppendReply } from '../../replica/append/append-reply.ts';
import { refusedAppend } from '../../replica/append/append-reply.ts';
import { refusalMessage } from '../authorization/refusal-message.ts';
import type { RequestContext } from '../handler.ts';
import { defineHandler } from '../handler.ts';
import type { ClusterView, TopicView } from '../metadata/cluster-view.ts';
import { LeaderHints } from '../metadata/leader-hints.ts';
import { appendInTransaction } from '../produce/append-in-transaction.ts';
import { checkProducedRecords } from '../produce/produced-records.ts';
import type { BrokerServices } from '../services.ts';

/*
 * Produce 3-13 (0-2 are announced for old librdkafka, but not served).
 * - acks 1 answers when the leader has the records, -1 when the in-sync set has them, 0 never: an error then closes the
 *   connection, which is all that the producer can notice. Other values: INVALID_REQUIRED_ACKS.
 * - Topic names up to 12, topic ids from 13 on. Every partition has its own row and its own error.
 * - A repeated batch of an idempotent producer is answered with its first offset.
 * - Where the log refused a batch for its records, time or sequence, its row names the start of the log, from 5 on.
 * - Rows with NOT_LEADER_OR_FOLLOWER name the leader, and the response its address, from 10 on (KIP-951).
 * - WRITE on the topic, and before it on the transactional id.
 * - Internal topics are written by the brokers of the cluster only.
 * - Every record is looked at before it is stored; records at fault are named (KIP-467, 8+), and the batch is refused whole.
 * - Records of a transaction are appended once the partition is known to be in it; 12+: the partition joins by this (KIP-890).
 *   Transactional records without a transactional id: TRANSACTIONAL_ID_AUTHORIZATION_FAILED, as Kafka.
 */

type Response = MessageInput<typeof produceResponse>;
type Services = Pick<BrokerServices, 'metadata' | 'replicas' | 'transactionEntry'>;
type PartitionData = ProduceRequest['topicData'][number]['partitionData'][number];

/** Longest wait for replicas, in ms, whatever the client asks for. */
const produceTimeoutMsMax = 300_000;

/** One partition of the request with its outcome. */
interface Row {
  readonly topic: TopicView | undefined;
  readonly index: number;
  readonly reply: AppendReply;
}

export const produceHandler = defineHandler(produceRequest, produceResponse, {
  needs: ['metadata', 'replicas', 'transactionEntry'],
  handle: produce,
  refuse: ({ topicData }, code) => ({
    responses: topicData.map(({ name, topicId, partitionData }) => ({
      name,
      topicId,
      partitionResponses: partitionData.map(({ index }) => ({ index, errorCode: code, baseOffset: -1 })),
    })),
  }),
});

function produce(
  request: ProduceRequest,
  context: RequestContext,
  services: Services,
): Response | undefined | Promise<Response | undefined> {
  const view = services.metadata();
  const replies: (AppendReply | Promise<AppendReply>)[] = [];
  let isWaiting = false;
  for (const asked of request.topicData) {
    const topic = findTopic(view, asked.name, asked.topicId, context.apiVersion);
    const right = topicRight(request, asked.name, topic, context);
    for (const data of asked.partitionData) {
      const reply =
        right === errorCode.NONE
          ? appendOne(request, topic, data, context, services)
          : refusedAppend(right, refusalMessage(right) ?? '');
      if (reply instanceof Promise) isWaiting = true;
      replies.push(reply);
    }
  }
  if (request.acks === 0) {
    if (!isWaiting) return closeOnFailure(replies as AppendReply[], context);
    return Promise.all(replies).then((settled) => closeOnFailure(settled, context));
  }
  if (!isWaiting) return answer(request, replies as AppendReply[], context, services);
  return Promise.all(replies).then((settled) => answer(request, settled, context, services));
}

function findTopic(view: ClusterView, name: string, topicId: string, apiVersion: number): TopicView | undefined {
  return apiVersion >= 13 ? view.topicsById.get(topicId) : view.topics.get(name);
}

/** WRITE on the transactional id, then on the topic: a topic that may not be written is refused whether it exists or not. */
function topicRight(
  { transactionalId }: ProduceRequest,
  askedName: string,
  topic: TopicView | undefined,
  context: RequestContext,
): ErrorCode {
  if (transactionalId !== null && !context.authorize('write', 'transactionalId', transactionalId))
    return errorCode.TRANSACTIONAL_ID_AUTHORIZATION_FAILED;
  const name = topic?.name ?? askedName;
  // An id that no topic has is nobody's secret.
  if (name === '' || context.authorize('write', 'topic', name)) return errorCode.NONE;
  return errorCode.TOPIC_AUTHORIZATION_FAILED;
}

function appendOne(
  request: ProduceRequest,
  topic: TopicView | undefined,
  data: PartitionData,
  context: RequestContext,
  services: Services,
): AppendReply | Promise<AppendReply> {
  const { acks } = request;
  if (acks !== 0 && acks !== 1 && acks !== -1)
    return refusedAppend(errorCode.INVALID_REQUIRED_ACKS, `expected acks of 0, 1 or -1, found ${acks}`);
  const unknown = refuseTopic(topic, data.index, context);
  if (unknown || !topic) return unknown ?? refusedAppend(errorCode.UNKNOWN_TOPIC_OR_PARTITION, 'unknown topic');
  const { records } = data;
  const { transactionalId } = request;
  const fault = checkProducedRecords(records, transactionalId, context.apiVersion);
  if (fault || !records) return fault ?? refusedAppend(errorCode.INVALID_RECORD, 'no records');
  const timeoutMs = Math.min(request.timeoutMs, produceTimeoutMsMax);
  if (transactionalId === null) return services.replicas.append(topic.name, data.index, records, acks, timeoutMs);
  const { apiVersion } = context;
  const place = { topic: topic.name, partition: data.index };
  return appendInTransaction(services, { ...place, transactionalId, apiVersion, records, acks, timeoutMs });
}

function refuseTopic(
  topic: TopicView | undefined,
  partition: number,
  context: RequestContext,
): AppendReply | undefined {
  if (!topic || isReservedTopicName(topic.name))
    return refusedAppend(unknownTopic(context.apiVersion), 'this broker knows no such topic');
  if (!topic.partitions[partition])
    return refusedAppend(errorCode.UNKNOWN_TOPIC_OR_PARTITION, `${topic.name} has no partition ${partition}`);
  if (isInternalTopic(topic.name) && !context.isBroker)
    return refusedAppend(errorCode.INVALID_TOPIC_EXCEPTION, `${topic.name} is written by the cluster itself`);
  return undefined;
}

function unknownTopic(apiVersion: number): ErrorCode {
  return apiVersion >= 13 ? errorCode.UNKNOWN_TOPIC_ID : errorCode.UNKNOWN_TOPIC_OR_PARTITION;
}

function closeOnFailure(replies: readonly AppendReply[], { connection }: RequestContext): undefined {
  const failed = replies.find((reply) => reply.errorCode !== errorCode.NONE);
  if (failed) connection.close(`an append with acks=0 failed: ${failed.message ?? failed.errorCode}`);
  return undefined;
}

function answer(
  request: ProduceRequest,
  replies: readonly AppendReply[],
  { apiVersion, session }: RequestContext,
  { metadata }: Services,
): Response {
  const view = metadata();
  const hints = new LeaderHints(view, session.listener);
  let at = 0;
  const responses = request.topicData.map(({ name, topicId, partitionData }) => {
    const topic = findTopic(view, name, topicId, apiVersion);
    const partitionResponses = partitionData.map(({ index }) =>
      describe({ topic, index, reply: replies[at++] as AppendReply }, hints),
    );
    return { name, topicId, partitionResponses };
  });
  return { responses, nodeEndpoints: hints.nodeEndpoints };
}

function describe({ topic, index, reply }: Row, hints: LeaderHints) {
  return {
    index,
    errorCode: reply.errorCode,
    baseOffset: reply.baseOffset,
    logAppendTimeMs: reply.logAppendTimeMs,
    logStartOffset: reply.logStartOffset,
    recordErrors: (reply.recordErrors ?? []).map(({ batchIndex, message }) => ({
      batchIndex,
      batchIndexErrorMessage: message,
    })),
    errorMessage: reply.message ?? null,
    currentLeader: hints.hintFor(reply.errorCode, topic, index, reply.currentLeader),
  };
}
