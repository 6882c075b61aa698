import type { ErrorCode } from '../../../protocol/error-codes.ts';
import { errorCode } from '../../../protocol/error-codes.ts';
import type { AddPartitionsToTxnRequest } from '../../../protocol/schemas/24-add-partitions-to-txn.ts';
import {
  addPartitionsToTxnRequest,
  addPartitionsToTxnResponse,
} from '../../../protocol/schemas/24-add-partitions-to-txn.ts';
import { isInternalTopic } from '../../../protocol/system-topics.ts';
import type { PartitionsByTopic } from '../../txn/transaction.ts';
import { brokerOrAdminRight } from '../authorization/rights.ts';
import type { RequestContext } from '../handler.ts';
import { defineHandler } from '../handler.ts';
import type { ClusterView } from '../metadata/cluster-view.ts';
import { answerEntries } from '../transactions/answer-entries.ts';
import { forOldProducers } from '../transactions/old-producers.ts';

/*
 * AddPartitionsToTxn 0-5: partitions join a producer's transaction, which begins with the first.
 * - 0-3 come from producers: WRITE on the transactional id, WRITE on each topic. One partition that may not be written, or that
 *   does not exist, and none joins: the others are OPERATION_NOT_ATTEMPTED.
 * - 4+ come from brokers that lead partitions: several transactions at once, to join or to be verified (KIP-890). CLUSTER_ACTION, or
 *   ALTER on the cluster: @platformatic/kafka asks so too, which Apache Kafka takes where it has no authorizer.
 * - A transaction that is being ended, or a write of the id that is on its way, is waited for a moment (100 ms), and
 *   CONCURRENT_TRANSACTIONS after that; Kafka answers that at once, and its producers come again after 20 ms.
 */

/** Clients that ask for themselves work by version 1. */
const clientTransactionVersion = 1;
const brokerSinceVersion = 4;

type Topics = AddPartitionsToTxnRequest['v3AndBelowTopics'];
type CodeOf = (topic: string, partition: number) => ErrorCode;

export const addPartitionsToTxnHandler = defineHandler(addPartitionsToTxnRequest, addPartitionsToTxnResponse, {
  needs: ['metadata', 'transactions'],
  right: (request, context) => {
    const { v3AndBelowTransactionalId } = request;
    if (context.apiVersion >= brokerSinceVersion) return brokerOrAdminRight(request, context);
    return context.authorize('write', 'transactionalId', v3AndBelowTransactionalId)
      ? errorCode.NONE
      : errorCode.TRANSACTIONAL_ID_AUTHORIZATION_FAILED;
  },
  refuse: ({ v3AndBelowTopics }, code, apiVersion) =>
    apiVersion >= brokerSinceVersion
      ? { errorCode: code, resultsByTransaction: [], resultsByTopicV3AndBelow: [] }
      : { resultsByTopicV3AndBelow: resultsOf(v3AndBelowTopics, () => code) },
  handle: async (request, context, { metadata, transactions }) => {
    const view = metadata();
    if (context.apiVersion >= brokerSinceVersion) {
      const resultsByTransaction = await Promise.all(
        request.transactions.map(async ({ transactionalId, producerId, producerEpoch, verifyOnly, topics }) => {
          const claim = { transactionalId, producerId, epoch: producerEpoch };
          const question = { ...claim, adds: !verifyOnly, partitions: partitionsOf(topics) };
          const outcomes = await answerEntries(transactions, view, question);
          const codes = new Map(outcomes.map(({ topic, partition, code }) => [`${topic}-${partition}`, code]));
          const codeOf: CodeOf = (topic, partition) => codes.get(`${topic}-${partition}`) ?? errorCode.NONE;
          return { transactionalId, topicResults: resultsOf(topics, codeOf) };
        }),
      );
      return { resultsByTransaction, resultsByTopicV3AndBelow: [] };
    }
    const refusals = refusalsOf(request.v3AndBelowTopics, view, context);
    if (refusals) return { resultsByTopicV3AndBelow: resultsOf(request.v3AndBelowTopics, refusals) };
    const claim = { producerId: request.v3AndBelowProducerId, epoch: request.v3AndBelowProducerEpoch };
    const partitions = partitionsOf(request.v3AndBelowTopics);
    const id = request.v3AndBelowTransactionalId;
    const code = await transactions.addPartitions(id, claim, partitions, clientTransactionVersion);
    const told = forOldProducers(code, context.apiVersion);
    return { resultsByTopicV3AndBelow: resultsOf(request.v3AndBelowTopics, () => told) };
  },
});

/** Why some partition may not join, so that none does; undefined when all may. */
function refusalsOf(topics: Topics, view: ClusterView, context: RequestContext): CodeOf | undefined {
  const refusalOf = (topic: string, partition: number): ErrorCode => {
    if (isInternalTopic(topic) || !context.authorize('write', 'topic', topic))
      return errorCode.TOPIC_AUTHORIZATION_FAILED;
    return view.topics.get(topic)?.partitions[partition] ? errorCode.NONE : errorCode.UNKNOWN_TOPIC_OR_PARTITION;
  };
  const isRefused = topics.some(({ name, partitions }) =>
    partitions.some((partition) => refusalOf(name, partition) !== errorCode.NONE),
  );
  if (!isRefused) return undefined;
  return (topic, partition) => refusalOf(topic, partition) || errorCode.OPERATION_NOT_ATTEMPTED;
}

function partitionsOf(topics: Topics): PartitionsByTopic {
  return new Map(topics.map(({ name, partitions }) => [name, partitions]));
}

function resultsOf(topics: Topics, codeOf: CodeOf) {
  return topics.map(({ name, partitions }) => ({
    name,
    resultsByPartition: partitions.map((partitionIndex) => ({
      partitionIndex,
      partitionErrorCode: codeOf(name, partitionIndex),
    })),
  }));
}
