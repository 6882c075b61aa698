import type { MessageOf } from '../schema.ts';
import { array, int8, int16, int32, int64, message, uuid } from '../schema.ts';

/**
 * A partition leader asks the controller for another in-sync set (KIP-497).
 * 2: topic ids, leader recovery state. 3: broker epochs in the in-sync set (KIP-903).
 */
export const alterPartitionRequest = message(
  { name: 'AlterPartitionRequest', key: 56, versions: '2-3', flexible: '0+' },
  {
    brokerId: int32('0+'),
    brokerEpoch: int64('0+', { default: -1 }),
    topics: array('0+', {
      topicId: uuid('2+'),
      partitions: array('0+', {
        partitionIndex: int32('0+'),
        leaderEpoch: int32('0+'),
        newIsr: array('0-2', 'int32'),
        newIsrWithEpochs: array('3+', {
          brokerId: int32('3+'),
          brokerEpoch: int64('3+', { default: -1 }),
        }),
        leaderRecoveryState: int8('1+', { default: 0 }),
        partitionEpoch: int32('0+'),
      }),
    }),
  },
);
export type AlterPartitionRequest = MessageOf<typeof alterPartitionRequest>;

export const alterPartitionResponse = message(
  { name: 'AlterPartitionResponse', key: 56, versions: '2-3', flexible: '0+' },
  {
    throttleTimeMs: int32('0+', { default: 0 }),
    errorCode: int16('0+'),
    topics: array('0+', {
      topicId: uuid('2+'),
      partitions: array('0+', {
        partitionIndex: int32('0+'),
        errorCode: int16('0+'),
        leaderId: int32('0+'),
        leaderEpoch: int32('0+'),
        isr: array('0+', 'int32'),
        leaderRecoveryState: int8('1+', { default: 0 }),
        partitionEpoch: int32('0+'),
      }),
    }),
  },
);
export type AlterPartitionResponse = MessageOf<typeof alterPartitionResponse>;
