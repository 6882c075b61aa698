import type { MessageOf } from '../schema.ts';
import { array, bool, int16, int32, message, string } from '../schema.ts';

/** Moves replicas of partitions to other brokers, or calls a move off (KIP-455). 1: keeping the replication factor (KIP-860). */
export const alterPartitionReassignmentsRequest = message(
  { name: 'AlterPartitionReassignmentsRequest', key: 45, versions: '0-1', flexible: '0+' },
  {
    timeoutMs: int32('0+', { default: 60000 }),
    allowReplicationFactorChange: bool('1+', { default: true }),
    topics: array('0+', {
      name: string('0+'),
      partitions: array('0+', {
        partitionIndex: int32('0+'),
        replicas: array('0+', 'int32', { nullable: '0+', default: null }),
      }),
    }),
  },
);
export type AlterPartitionReassignmentsRequest = MessageOf<typeof alterPartitionReassignmentsRequest>;

export const alterPartitionReassignmentsResponse = message(
  { name: 'AlterPartitionReassignmentsResponse', key: 45, versions: '0-1', flexible: '0+' },
  {
    throttleTimeMs: int32('0+', { default: 0 }),
    allowReplicationFactorChange: bool('1+', { default: true }),
    errorCode: int16('0+'),
    errorMessage: string('0+', { nullable: '0+' }),
    responses: array('0+', {
      name: string('0+'),
      partitions: array('0+', {
        partitionIndex: int32('0+'),
        errorCode: int16('0+'),
        errorMessage: string('0+', { nullable: '0+' }),
      }),
    }),
  },
);
export type AlterPartitionReassignmentsResponse = MessageOf<typeof alterPartitionReassignmentsResponse>;
