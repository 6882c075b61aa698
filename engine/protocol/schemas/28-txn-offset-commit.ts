import type { MessageOf } from '../schema.ts';
import { array, int16, int32, int64Clamped, int64Wide, message, string, uuid } from '../schema.ts';

/**
 * Commits a group's offsets as part of a transaction. 2: leader epoch. 3: flexible, member and generation (KIP-447).
 * 4: TRANSACTION_ABORTABLE. 5: transactions v2, the group is added by this (KIP-890). 6: topic ids (KIP-1319).
 */
export const txnOffsetCommitRequest = message(
  { name: 'TxnOffsetCommitRequest', key: 28, versions: '0-6', flexible: '3+' },
  {
    transactionalId: string('0+'),
    groupId: string('0+'),
    producerId: int64Clamped('0+'),
    producerEpoch: int16('0+'),
    generationIdOrMemberEpoch: int32('3+', { default: -1 }),
    memberId: string('3+', { default: '' }),
    groupInstanceId: string('3+', { nullable: '3+', default: null }),
    topics: array('0+', {
      name: string('0-5'),
      topicId: uuid('6+'),
      partitions: array('0+', {
        partitionIndex: int32('0+'),
        committedOffset: int64Wide('0+'),
        committedLeaderEpoch: int32('2+', { default: -1 }),
        committedMetadata: string('0+', { nullable: '0+' }),
      }),
    }),
  },
);
export type TxnOffsetCommitRequest = MessageOf<typeof txnOffsetCommitRequest>;

export const txnOffsetCommitResponse = message(
  { name: 'TxnOffsetCommitResponse', key: 28, versions: '0-6', flexible: '3+' },
  {
    throttleTimeMs: int32('0+', { default: 0 }),
    topics: array('0+', {
      name: string('0-5'),
      topicId: uuid('6+'),
      partitions: array('0+', { partitionIndex: int32('0+'), errorCode: int16('0+') }),
    }),
  },
);
export type TxnOffsetCommitResponse = MessageOf<typeof txnOffsetCommitResponse>;
