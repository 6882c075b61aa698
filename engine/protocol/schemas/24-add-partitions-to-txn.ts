import type { MessageOf } from '../schema.ts';
import { array, bool, int16, int32, int64Clamped, message, string } from '../schema.ts';

const topics = { name: string('0+'), partitions: array('0+', 'int32') } as const;

/**
 * Adds partitions to a transaction. 3: flexible. 4: several transactions at once, for brokers that verify (KIP-890); clients
 * stay at 3. 5: the same with newer errors.
 */
export const addPartitionsToTxnRequest = message(
  { name: 'AddPartitionsToTxnRequest', key: 24, versions: '0-5', flexible: '3+' },
  {
    transactions: array('4+', {
      transactionalId: string('4+'),
      producerId: int64Clamped('4+'),
      producerEpoch: int16('4+'),
      verifyOnly: bool('4+', { default: false }),
      topics: array('4+', topics),
    }),
    v3AndBelowTransactionalId: string('0-3'),
    v3AndBelowProducerId: int64Clamped('0-3'),
    v3AndBelowProducerEpoch: int16('0-3'),
    v3AndBelowTopics: array('0-3', topics),
  },
);
export type AddPartitionsToTxnRequest = MessageOf<typeof addPartitionsToTxnRequest>;

const topicResults = {
  name: string('0+'),
  resultsByPartition: array('0+', { partitionIndex: int32('0+'), partitionErrorCode: int16('0+') }),
} as const;

export const addPartitionsToTxnResponse = message(
  { name: 'AddPartitionsToTxnResponse', key: 24, versions: '0-5', flexible: '3+' },
  {
    throttleTimeMs: int32('0+', { default: 0 }),
    errorCode: int16('4+'),
    resultsByTransaction: array('4+', { transactionalId: string('4+'), topicResults: array('4+', topicResults) }),
    resultsByTopicV3AndBelow: array('0-3', topicResults),
  },
);
export type AddPartitionsToTxnResponse = MessageOf<typeof addPartitionsToTxnResponse>;
