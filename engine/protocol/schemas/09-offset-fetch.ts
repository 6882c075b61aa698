import type { MessageOf } from '../schema.ts';
import { array, bool, int16, int32, int64Wide, message, string, uuid } from '../schema.ts';

/**
 * Committed offsets of one group (up to 7) or of several (8+, KIP-709).
 * 2: null topics means all. 5: leader epoch. 6: flexible. 7: require stable (KIP-447). 9: member epochs (KIP-848).
 * 10: topic ids instead of names.
 */
export const offsetFetchRequest = message(
  { name: 'OffsetFetchRequest', key: 9, versions: '1-10', flexible: '6+' },
  {
    groupId: string('0-7'),
    topics: array(
      '0-7',
      {
        name: string('0-7'),
        partitionIndexes: array('0-7', 'int32'),
      },
      { nullable: '2-7' },
    ),
    groups: array('8+', {
      groupId: string('8+'),
      memberId: string('9+', { nullable: '9+', default: null }),
      memberEpoch: int32('9+', { default: -1 }),
      topics: array(
        '8+',
        {
          name: string('8-9'),
          topicId: uuid('10+'),
          partitionIndexes: array('8+', 'int32'),
        },
        { nullable: '8+' },
      ),
    }),
    requireStable: bool('7+', { default: false }),
  },
);
export type OffsetFetchRequest = MessageOf<typeof offsetFetchRequest>;

export const offsetFetchResponse = message(
  { name: 'OffsetFetchResponse', key: 9, versions: '1-10', flexible: '6+' },
  {
    throttleTimeMs: int32('3+', { default: 0 }),
    topics: array('0-7', {
      name: string('0-7'),
      partitions: array('0-7', {
        partitionIndex: int32('0-7'),
        committedOffset: int64Wide('0-7'),
        committedLeaderEpoch: int32('5-7', { default: -1 }),
        metadata: string('0-7', { nullable: '0-7' }),
        errorCode: int16('0-7'),
      }),
    }),
    errorCode: int16('2-7', { default: 0 }),
    groups: array('8+', {
      groupId: string('8+'),
      topics: array('8+', {
        name: string('8-9'),
        topicId: uuid('10+'),
        partitions: array('8+', {
          partitionIndex: int32('8+'),
          committedOffset: int64Wide('8+'),
          committedLeaderEpoch: int32('8+', { default: -1 }),
          metadata: string('8+', { nullable: '8+' }),
          errorCode: int16('8+'),
        }),
      }),
      errorCode: int16('8+', { default: 0 }),
    }),
  },
);
export type OffsetFetchResponse = MessageOf<typeof offsetFetchResponse>;
