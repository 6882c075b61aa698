import type { MessageOf } from '../schema.ts';
import { array, int16, int32, int64, message, string, uuid } from '../schema.ts';

/** How far share groups are: below the start offset everything is dealt with. 1: lag (KIP-1226). */
export const describeShareGroupOffsetsRequest = message(
  { name: 'DescribeShareGroupOffsetsRequest', key: 90, versions: '0-1', flexible: '0+' },
  {
    groups: array('0+', {
      groupId: string('0+'),
      topics: array('0+', { topicName: string('0+'), partitions: array('0+', 'int32') }, { nullable: '0+' }),
    }),
  },
);
export type DescribeShareGroupOffsetsRequest = MessageOf<typeof describeShareGroupOffsetsRequest>;

export const describeShareGroupOffsetsResponse = message(
  { name: 'DescribeShareGroupOffsetsResponse', key: 90, versions: '0-1', flexible: '0+' },
  {
    throttleTimeMs: int32('0+'),
    groups: array('0+', {
      groupId: string('0+'),
      topics: array('0+', {
        topicName: string('0+'),
        topicId: uuid('0+'),
        partitions: array('0+', {
          partitionIndex: int32('0+'),
          startOffset: int64('0+'),
          leaderEpoch: int32('0+'),
          lag: int64('1+', { default: -1 }),
          errorCode: int16('0+'),
          errorMessage: string('0+', { nullable: '0+', default: null }),
        }),
      }),
      errorCode: int16('0+'),
      errorMessage: string('0+', { nullable: '0+', default: null }),
    }),
  },
);
export type DescribeShareGroupOffsetsResponse = MessageOf<typeof describeShareGroupOffsetsResponse>;
