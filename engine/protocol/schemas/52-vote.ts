import type { MessageOf } from '../schema.ts';
import { array, bool, int16, int32, int64, message, string, uint16, uuid } from '../schema.ts';

/** Raft election (KIP-595). 1: directory ids (KIP-853). 2: pre-vote (KIP-996). */
export const voteRequest = message(
  { name: 'VoteRequest', key: 52, versions: '0-2', flexible: '0+' },
  {
    clusterId: string('0+', { nullable: '0+', default: null }),
    voterId: int32('1+', { default: -1 }),
    topics: array('0+', {
      topicName: string('0+'),
      partitions: array('0+', {
        partitionIndex: int32('0+'),
        replicaEpoch: int32('0+'),
        replicaId: int32('0+'),
        replicaDirectoryId: uuid('1+'),
        voterDirectoryId: uuid('1+'),
        lastOffsetEpoch: int32('0+'),
        lastOffset: int64('0+'),
        preVote: bool('2+'),
      }),
    }),
  },
);
export type VoteRequest = MessageOf<typeof voteRequest>;

export const voteResponse = message(
  { name: 'VoteResponse', key: 52, versions: '0-2', flexible: '0+' },
  {
    errorCode: int16('0+'),
    topics: array('0+', {
      topicName: string('0+'),
      partitions: array('0+', {
        partitionIndex: int32('0+'),
        errorCode: int16('0+'),
        leaderId: int32('0+'),
        leaderEpoch: int32('0+'),
        voteGranted: bool('0+'),
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
export type VoteResponse = MessageOf<typeof voteResponse>;
