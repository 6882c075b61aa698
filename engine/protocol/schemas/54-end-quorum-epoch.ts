import type { MessageOf } from '../schema.ts';
import { array, int16, int32, message, string, uint16, uuid } from '../schema.ts';

/** A raft leader resigns and names its successors (KIP-595). 1: flexible, directory ids and endpoints (KIP-853). */
export const endQuorumEpochRequest = message(
  { name: 'EndQuorumEpochRequest', key: 54, versions: '0-1', flexible: '1+' },
  {
    clusterId: string('0+', { nullable: '0+', default: null }),
    topics: array('0+', {
      topicName: string('0+'),
      partitions: array('0+', {
        partitionIndex: int32('0+'),
        leaderId: int32('0+'),
        leaderEpoch: int32('0+'),
        preferredSuccessors: array('0', 'int32'),
        preferredCandidates: array('1+', {
          candidateId: int32('1+'),
          candidateDirectoryId: uuid('1+'),
        }),
      }),
    }),
    leaderEndpoints: array('1+', {
      name: string('1+'),
      host: string('1+'),
      port: uint16('1+'),
    }),
  },
);
export type EndQuorumEpochRequest = MessageOf<typeof endQuorumEpochRequest>;

export const endQuorumEpochResponse = message(
  { name: 'EndQuorumEpochResponse', key: 54, versions: '0-1', flexible: '1+' },
  {
    errorCode: int16('0+'),
    topics: array('0+', {
      topicName: string('0+'),
      partitions: array('0+', {
        partitionIndex: int32('0+'),
        errorCode: int16('0+'),
        leaderId: int32('0+'),
        leaderEpoch: int32('0+'),
      }),
    }),
    nodeEndpoints: array(
      '1+',
      {
        nodeId: int32('1+'),
        host: string('1+'),
        port: uint16('1+'),
      },
      { tag: 0 },
    ),
  },
);
export type EndQuorumEpochResponse = MessageOf<typeof endQuorumEpochResponse>;
