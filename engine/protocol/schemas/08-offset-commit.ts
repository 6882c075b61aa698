import type { MessageOf } from '../schema.ts';
import { array, int16, int32, int64Clamped, int64Wide, message, string, uuid } from '../schema.ts';

/**
 * Commits offsets of a group.
 * 2-4: retention time. 6: leader epoch. 7: static members (KIP-345). 8: flexible. 9: member epochs (KIP-848).
 * 10: topic ids instead of names.
 */
export const offsetCommitRequest = message(
  { name: 'OffsetCommitRequest', key: 8, versions: '2-10', flexible: '8+' },
  {
    groupId: string('0+'),
    generationIdOrMemberEpoch: int32('1+', { default: -1 }),
    memberId: string('1+'),
    groupInstanceId: string('7+', { nullable: '7+', default: null }),
    retentionTimeMs: int64Clamped('2-4', { default: -1 }),
    topics: array('0+', {
      name: string('0-9'),
      topicId: uuid('10+'),
      partitions: array('0+', {
        partitionIndex: int32('0+'),
        committedOffset: int64Wide('0+'),
        committedLeaderEpoch: int32('6+', { default: -1 }),
        committedMetadata: string('0+', { nullable: '0+' }),
      }),
    }),
  },
);
export type OffsetCommitRequest = MessageOf<typeof offsetCommitRequest>;

export const offsetCommitResponse = message(
  { name: 'OffsetCommitResponse', key: 8, versions: '2-10', flexible: '8+' },
  {
    throttleTimeMs: int32('3+', { default: 0 }),
    topics: array('0+', {
      name: string('0-9'),
      topicId: uuid('10+'),
      partitions: array('0+', {
        partitionIndex: int32('0+'),
        errorCode: int16('0+'),
      }),
    }),
  },
);
export type OffsetCommitResponse = MessageOf<typeof offsetCommitResponse>;
