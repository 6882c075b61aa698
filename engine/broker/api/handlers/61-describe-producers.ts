import type { ErrorCode } from '../../../protocol/error-codes.ts';
import { errorCode } from '../../../protocol/error-codes.ts';
import { describeProducersRequest, describeProducersResponse } from '../../../protocol/schemas/61-describe-producers.ts';
import type { ProducerEntry } from '../../log/producers/producer-entry.ts';
import { refusalMessage } from '../authorization/refusal-message.ts';
import { defineHandler } from '../handler.ts';

/*
 * DescribeProducers 0: the producers that the leader of a partition remembers, with their open transactions (KIP-664).
 * - READ on each topic, whether it exists or not.
 * - A partition that does not exist is UNKNOWN_TOPIC_OR_PARTITION, one that another broker leads NOT_LEADER_OR_FOLLOWER.
 */

export const describeProducersHandler = defineHandler(describeProducersRequest, describeProducersResponse, {
  needs: ['metadata', 'replicas'],
  refuse: ({ topics }, code) => ({
    topics: topics.map(({ name, partitionIndexes }) => ({
      name,
      partitions: partitionIndexes.map((partitionIndex) => failed(partitionIndex, code)),
    })),
  }),
  handle: ({ topics }, context, { metadata, replicas }) => ({
    topics: topics.map(({ name, partitionIndexes }) => ({
      name,
      partitions: partitionIndexes.map((partitionIndex) => {
        if (!context.authorize('read', 'topic', name))
          return failed(partitionIndex, errorCode.TOPIC_AUTHORIZATION_FAILED);
        if (!metadata().topics.get(name)?.partitions[partitionIndex])
          return failed(partitionIndex, errorCode.UNKNOWN_TOPIC_OR_PARTITION);
        const leader = replicas.leaderOf(name, partitionIndex, -1);
        if (!leader.ok) return failed(partitionIndex, leader.error);
        const activeProducers = Array.from(leader.value.log.producers.values(), describe);
        return { partitionIndex, errorCode: errorCode.NONE, activeProducers };
      }),
    })),
  }),
});

function describe(producer: ProducerEntry) {
  return {
    producerId: producer.producerId,
    producerEpoch: producer.epoch,
    lastSequence: producer.batches.at(-1)?.lastSequence ?? -1,
    lastTimestamp: producer.lastTimestampMs,
    coordinatorEpoch: producer.coordinatorEpoch,
    currentTxnStartOffset: producer.currentTxnFirstOffset,
  };
}

function failed(partitionIndex: number, code: ErrorCode) {
  return { partitionIndex, errorCode: code, errorMessage: refusalMessage(code), activeProducers: [] };
}
