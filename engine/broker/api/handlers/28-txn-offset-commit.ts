import type { ErrorCode } from '../../../protocol/error-codes.ts';
import { errorCode } from '../../../protocol/error-codes.ts';
import type { TxnOffsetCommitRequest } from '../../../protocol/schemas/28-txn-offset-commit.ts';
import { txnOffsetCommitRequest, txnOffsetCommitResponse } from '../../../protocol/schemas/28-txn-offset-commit.ts';
import { offsetsTopicName } from '../../../protocol/system-topics.ts';
import { coordinatorPartition } from '../../coordinator/coordinator-partition.ts';
import { memberRight } from '../authorization/rights.ts';
import type { OffsetToCommit } from '../../group/offsets/commit.ts';
import type { RequestContext } from '../handler.ts';
import { defineHandler } from '../handler.ts';
import type { ClusterView } from '../metadata/cluster-view.ts';
import { findTopic } from '../metadata/topic-reference.ts';
import type { BrokerServices } from '../services.ts';
import { enterTransaction, entryError } from '../transactions/enter-transaction.ts';

/*
 * TxnOffsetCommit 0-6: offsets of a group that count when the producer's transaction is committed.
 * - WRITE on the transactional id, READ on the group, READ on each topic. Rows that are refused leave the others alone.
 * - The group's partition has to be in the transaction (AddOffsetsToTxn); 5+: it joins by this (KIP-890).
 * - 3+: an outdated member is refused (KIP-447); a producer that names none is not asked.
 * - 6: topics by id (KIP-1319). Before 2 COORDINATOR_LOAD_IN_PROGRESS is told as COORDINATOR_NOT_AVAILABLE (KAFKA-7296).
 */

/** First version whose producers know TRANSACTION_ABORTABLE. */
const abortableSinceVersion = 4;
/** First version that adds the group's partition to the transaction by itself. */
const addsSinceVersion = 5;
const idsSinceVersion = 6;
const knowsLoadingSinceVersion = 2;
/** Offsets have no place in a sequence. */
const noSequence = -1;

type Topics = TxnOffsetCommitRequest['topics'];
type Partition = Topics[number]['partitions'][number];
type Services = Pick<BrokerServices, 'groups' | 'metadata' | 'replicas' | 'transactionEntry'>;

export const txnOffsetCommitHandler = defineHandler(txnOffsetCommitRequest, txnOffsetCommitResponse, {
  needs: ['groups', 'metadata', 'replicas', 'transactionEntry'],
  right: (request, context) =>
    context.authorize('write', 'transactionalId', request.transactionalId)
      ? memberRight(request, context)
      : errorCode.TRANSACTIONAL_ID_AUTHORIZATION_FAILED,
  refuse: ({ topics }, code) => ({ topics: rowsOf(topics, () => code) }),
  handle: async (request, context, services) => {
    const asked = resolvePartitions(request.topics, services.metadata(), context);
    const accepted = asked.filter(({ code }) => code === errorCode.NONE);
    const codes = accepted.length > 0 ? await commit(request, accepted.map(offsetOf), context.apiVersion, services) : [];
    const codeOf = new Map(asked.map(({ partition, code }) => [partition, code]));
    for (const [index, { partition }] of accepted.entries())
      codeOf.set(partition, told(codes[index] ?? errorCode.UNKNOWN_SERVER_ERROR, context.apiVersion));
    return { topics: rowsOf(request.topics, (partition) => codeOf.get(partition) ?? errorCode.UNKNOWN_SERVER_ERROR) };
  },
});

interface Asked {
  readonly name: string;
  readonly partition: Partition;
  readonly code: ErrorCode;
}

async function commit(
  request: TxnOffsetCommitRequest,
  offsets: readonly OffsetToCommit[],
  apiVersion: number,
  services: Services,
): Promise<readonly ErrorCode[]> {
  const { groupId, transactionalId, producerId, producerEpoch } = request;
  const all = (code: ErrorCode) => offsets.map(() => code);
  if (groupId === '') return all(errorCode.INVALID_GROUP_ID);
  const count = services.metadata().topics.get(offsetsTopicName)?.partitions.length;
  if (count === undefined) return all(errorCode.COORDINATOR_NOT_AVAILABLE);
  const place = { topic: offsetsTopicName, partition: coordinatorPartition(groupId, count) };
  const producer = { producerId, producerEpoch, baseSequence: noSequence };
  const adds = apiVersion >= addsSinceVersion;
  const { code, verification } = await enterTransaction(services, place, transactionalId, producer, adds);
  if (code === errorCode.NOT_LEADER_OR_FOLLOWER) return all(errorCode.NOT_COORDINATOR);
  if (code !== errorCode.NONE)
    return all(
      entryError(code, {
        passing: errorCode.COORDINATOR_LOAD_IN_PROGRESS,
        knowsAbortable: apiVersion >= abortableSinceVersion,
        waitsForEnd: true,
      }),
    );
  const committer = {
    memberId: request.memberId,
    groupInstanceId: request.groupInstanceId,
    generationId: request.generationIdOrMemberEpoch,
    missingGroup: errorCode.ILLEGAL_GENERATION,
  };
  return services.groups.commitInTransaction(groupId, committer, { producerId, producerEpoch, verification }, offsets);
}

function resolvePartitions(topics: Topics, view: ClusterView, context: RequestContext): Asked[] {
  return topics.flatMap((row) => {
    const { topic, missing } = findTopic(view, row, context.apiVersion >= idsSinceVersion);
    const name = topic?.name ?? row.name;
    const isRefused = name !== '' && !context.authorize('read', 'topic', name);
    return row.partitions.map((partition) => {
      if (isRefused) return { name, partition, code: errorCode.TOPIC_AUTHORIZATION_FAILED };
      const exists = topic?.partitions[partition.partitionIndex] !== undefined;
      return { name, partition, code: exists ? errorCode.NONE : topic ? errorCode.UNKNOWN_TOPIC_OR_PARTITION : missing };
    });
  });
}

function offsetOf({ name, partition }: Asked): OffsetToCommit {
  return {
    topic: name,
    partition: partition.partitionIndex,
    offset: partition.committedOffset,
    leaderEpoch: partition.committedLeaderEpoch,
    metadata: partition.committedMetadata,
  };
}

function told(code: ErrorCode, apiVersion: number): ErrorCode {
  const isUnknown = code === errorCode.COORDINATOR_LOAD_IN_PROGRESS && apiVersion < knowsLoadingSinceVersion;
  return isUnknown ? errorCode.COORDINATOR_NOT_AVAILABLE : code;
}

function rowsOf(topics: Topics, codeOf: (partition: Partition) => ErrorCode) {
  return topics.map(({ name, topicId, partitions }) => ({
    name,
    topicId,
    partitions: partitions.map((partition) => ({
      partitionIndex: partition.partitionIndex,
      errorCode: codeOf(partition),
    })),
  }));
}
