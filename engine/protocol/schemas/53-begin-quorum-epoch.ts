import type { MessageOf } from '../schema.ts';
import { array, int16, int32, message, string, uint16, uuid } from '../schema.ts';

/** A new raft leader makes itself known (KIP-595). 1: flexible, directory ids and endpoints (KIP-853). */
export const beginQuorumEpochRequest = message(
  { name: 'BeginQuorumEpochRequest', key: 53, versions: '0-1', flexible: '1+' },
  {
    clusterId: string('0+', { nullable: '0+', default: null }),
    voterId: int32('1+', { default: -1 }),
    topics: array('0+', {
      topicName: string('0+'),
      partitions: array('0+', {
        partitionIndex: int32('0+'),
        voterDirectoryId: uuid('1+'),
        leaderId: int32('0+'),
        leaderEpoch: int32('0+'),
      }),
    }),
    leaderEndpoints: array('1+', {
      name: string('1+'),
      host: string('1+'),
      port: uint16('1+'),
    }),
  },
);
export type BeginQuorumEpochRequest = MessageOf<typeof beginQuorumEpochRequest>;

export const beginQuorumEpochResponse = message(
  { name: 'BeginQuorumEpochResponse', key: 53, versions: '0-1', flexible: '1+' },
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
export type BeginQuorumEpochResponse = MessageOf<typeof beginQuorumEpochResponse>;
