import type { MessageOf } from '../schema.ts';
import { array, bool, int8, int16, int32, int64, int64Clamped, message, string } from '../schema.ts';

/** Writes the ends of transactions to the logs of their partitions. 2: version of the transaction (KIP-1228). */
export const writeTxnMarkersRequest = message(
  { name: 'WriteTxnMarkersRequest', key: 27, versions: '1-2', flexible: '1+' },
  {
    markers: array('0+', {
      producerId: int64Clamped('0+'),
      producerEpoch: int16('0+'),
      transactionResult: bool('0+'),
      topics: array('0+', { name: string('0+'), partitionIndexes: array('0+', 'int32') }),
      coordinatorEpoch: int32('0+'),
      transactionVersion: int8('2+', { default: 0 }),
    }),
  },
);
export type WriteTxnMarkersRequest = MessageOf<typeof writeTxnMarkersRequest>;

export const writeTxnMarkersResponse = message(
  { name: 'WriteTxnMarkersResponse', key: 27, versions: '1-2', flexible: '1+' },
  {
    markers: array('0+', {
      producerId: int64('0+'),
      topics: array('0+', {
        name: string('0+'),
        partitions: array('0+', { partitionIndex: int32('0+'), errorCode: int16('0+') }),
      }),
    }),
  },
);
export type WriteTxnMarkersResponse = MessageOf<typeof writeTxnMarkersResponse>;
