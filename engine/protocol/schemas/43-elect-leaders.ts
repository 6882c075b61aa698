import type { MessageOf } from '../schema.ts';
import { array, int8, int16, int32, message, string } from '../schema.ts';

/** Elects leaders: preferred ones, or any that lives (KIP-183, 460). 0: preferred only. 2: flexible. */
export const electLeadersRequest = message(
  { name: 'ElectLeadersRequest', key: 43, versions: '0-2', flexible: '2+' },
  {
    electionType: int8('1+'),
    topicPartitions: array(
      '0+',
      {
        topic: string('0+'),
        partitions: array('0+', 'int32'),
      },
      { nullable: '0+' },
    ),
    timeoutMs: int32('0+', { default: 60000 }),
  },
);
export type ElectLeadersRequest = MessageOf<typeof electLeadersRequest>;

export const electLeadersResponse = message(
  { name: 'ElectLeadersResponse', key: 43, versions: '0-2', flexible: '2+' },
  {
    throttleTimeMs: int32('0+', { default: 0 }),
    errorCode: int16('1+'),
    replicaElectionResults: array('0+', {
      topic: string('0+'),
      partitionResult: array('0+', {
        partitionId: int32('0+'),
        errorCode: int16('0+'),
        errorMessage: string('0+', { nullable: '0+' }),
      }),
    }),
  },
);
export type ElectLeadersResponse = MessageOf<typeof electLeadersResponse>;
