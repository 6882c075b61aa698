import type { MessageOf } from '../schema.ts';
import { array, int16, int32, int64, message, string } from '../schema.ts';

/** The producers that a partition knows, with their open transactions (KIP-664). */
export const describeProducersRequest = message(
  { name: 'DescribeProducersRequest', key: 61, versions: '0', flexible: '0+' },
  { topics: array('0+', { name: string('0+'), partitionIndexes: array('0+', 'int32') }) },
);
export type DescribeProducersRequest = MessageOf<typeof describeProducersRequest>;

export const describeProducersResponse = message(
  { name: 'DescribeProducersResponse', key: 61, versions: '0', flexible: '0+' },
  {
    throttleTimeMs: int32('0+', { default: 0 }),
    topics: array('0+', {
      name: string('0+'),
      partitions: array('0+', {
        partitionIndex: int32('0+'),
        errorCode: int16('0+'),
        errorMessage: string('0+', { nullable: '0+', default: null }),
        activeProducers: array('0+', {
          producerId: int64('0+'),
          producerEpoch: int32('0+'),
          lastSequence: int32('0+', { default: -1 }),
          lastTimestamp: int64('0+', { default: -1 }),
          coordinatorEpoch: int32('0+'),
          currentTxnStartOffset: int64('0+', { default: -1 }),
        }),
      }),
    }),
  },
);
export type DescribeProducersResponse = MessageOf<typeof describeProducersResponse>;
