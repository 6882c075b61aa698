import type { MessageOf } from '../schema.ts';
import { array, int16, int32, int64, message, string, uint16, uuid } from '../schema.ts';

/** State of the raft quorum. 1: last fetch times (KIP-836). 2: directory ids, error messages, endpoints (KIP-853). */
export const describeQuorumRequest = message(
  { name: 'DescribeQuorumRequest', key: 55, versions: '0-2', flexible: '0+' },
  {
    topics: array('0+', {
      topicName: string('0+'),
      partitions: array('0+', { partitionIndex: int32('0+') }),
    }),
  },
);
export type DescribeQuorumRequest = MessageOf<typeof describeQuorumRequest>;

const replicaState = {
  replicaId: int32('0+'),
  replicaDirectoryId: uuid('2+'),
  logEndOffset: int64('0+'),
  lastFetchTimestamp: int64('1+', { default: -1 }),
  lastCaughtUpTimestamp: int64('1+', { default: -1 }),
};

export const describeQuorumResponse = message(
  { name: 'DescribeQuorumResponse', key: 55, versions: '0-2', flexible: '0+' },
  {
    errorCode: int16('0+'),
    errorMessage: string('2+', { nullable: '2+' }),
    topics: array('0+', {
      topicName: string('0+'),
      partitions: array('0+', {
        partitionIndex: int32('0+'),
        errorCode: int16('0+'),
        errorMessage: string('2+', { nullable: '2+' }),
        leaderId: int32('0+'),
        leaderEpoch: int32('0+'),
        highWatermark: int64('0+'),
        currentVoters: array('0+', replicaState),
        observers: array('0+', replicaState),
      }),
    }),
    nodes: array('2+', {
      nodeId: int32('2+'),
      listeners: array('2+', {
        name: string('2+'),
        host: string('2+'),
        port: uint16('2+'),
      }),
    }),
  },
);
export type DescribeQuorumResponse = MessageOf<typeof describeQuorumResponse>;
