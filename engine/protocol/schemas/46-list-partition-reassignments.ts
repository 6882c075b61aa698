import type { MessageOf } from '../schema.ts';
import { array, int16, int32, message, string } from '../schema.ts';

/** Moves of replicas that are under way (KIP-455). */
export const listPartitionReassignmentsRequest = message(
  { name: 'ListPartitionReassignmentsRequest', key: 46, versions: '0', flexible: '0+' },
  {
    timeoutMs: int32('0+', { default: 60000 }),
    topics: array(
      '0+',
      {
        name: string('0+'),
        partitionIndexes: array('0+', 'int32'),
      },
      { nullable: '0+', default: null },
    ),
  },
);
export type ListPartitionReassignmentsRequest = MessageOf<typeof listPartitionReassignmentsRequest>;

export const listPartitionReassignmentsResponse = message(
  { name: 'ListPartitionReassignmentsResponse', key: 46, versions: '0', flexible: '0+' },
  {
    throttleTimeMs: int32('0+', { default: 0 }),
    errorCode: int16('0+'),
    errorMessage: string('0+', { nullable: '0+' }),
    topics: array('0+', {
      name: string('0+'),
      partitions: array('0+', {
        partitionIndex: int32('0+'),
        replicas: array('0+', 'int32'),
        addingReplicas: array('0+', 'int32'),
        removingReplicas: array('0+', 'int32'),
      }),
    }),
  },
);
export type ListPartitionReassignmentsResponse = MessageOf<typeof listPartitionReassignmentsResponse>;
