import type { MessageOf } from '../schema.ts';
import {
  array,
  int8,
  int16,
  int32,
  int64,
  int64Clamped,
  int64Max,
  message,
  records,
  string,
  struct,
  uuid,
} from '../schema.ts';

/**
 * Reads record batches: consumers, followers and the raft log alike.
 * 5: log start offset. 7: fetch sessions (KIP-227). 9: leader epoch (KIP-320). 10: zstd. 11: rack (KIP-392).
 * 12: flexible, diverging epoch (KIP-595). 13: topic ids. 15: replica state (KIP-903). 16: leader hints (KIP-951).
 * 17: directory ids (KIP-853). 18: high watermark of the follower (KIP-1166).
 */
export const fetchRequest = message(
  { name: 'FetchRequest', key: 1, versions: '4-18', flexible: '12+' },
  {
    clusterId: string('12+', { nullable: '12+', default: null, tag: 0 }),
    replicaId: int32('0-14', { default: -1 }),
    replicaState: struct(
      '15+',
      {
        replicaId: int32('15+', { default: -1 }),
        replicaEpoch: int64Clamped('15+', { default: -1 }),
      },
      { tag: 1 },
    ),
    maxWaitMs: int32('0+'),
    minBytes: int32('0+'),
    maxBytes: int32('3+', { default: 0x7fffffff }),
    isolationLevel: int8('4+', { default: 0 }),
    sessionId: int32('7+', { default: 0 }),
    sessionEpoch: int32('7+', { default: -1 }),
    topics: array('0+', {
      topic: string('0-12'),
      topicId: uuid('13+'),
      partitions: array('0+', {
        partition: int32('0+'),
        currentLeaderEpoch: int32('9+', { default: -1 }),
        fetchOffset: int64Clamped('0+'),
        lastFetchedEpoch: int32('12+', { default: -1 }),
        logStartOffset: int64Clamped('5+', { default: -1 }),
        partitionMaxBytes: int32('0+'),
        replicaDirectoryId: uuid('17+', { tag: 0 }),
        highWatermark: int64Clamped('18+', { default: int64Max, tag: 1 }),
      }),
    }),
    forgottenTopicsData: array('7+', {
      topic: string('7-12'),
      topicId: uuid('13+'),
      partitions: array('7+', 'int32'),
    }),
    rackId: string('11+', { default: '' }),
  },
);
export type FetchRequest = MessageOf<typeof fetchRequest>;

export const fetchResponse = message(
  { name: 'FetchResponse', key: 1, versions: '4-18', flexible: '12+' },
  {
    throttleTimeMs: int32('1+', { default: 0 }),
    errorCode: int16('7+'),
    sessionId: int32('7+', { default: 0 }),
    responses: array('0+', {
      topic: string('0-12'),
      topicId: uuid('13+'),
      partitions: array('0+', {
        partitionIndex: int32('0+'),
        errorCode: int16('0+'),
        highWatermark: int64('0+'),
        lastStableOffset: int64('4+', { default: -1 }),
        logStartOffset: int64('5+', { default: -1 }),
        divergingEpoch: struct(
          '12+',
          {
            epoch: int32('12+', { default: -1 }),
            endOffset: int64('12+', { default: -1 }),
          },
          { tag: 0 },
        ),
        currentLeader: struct(
          '12+',
          {
            leaderId: int32('12+', { default: -1 }),
            leaderEpoch: int32('12+', { default: -1 }),
          },
          { tag: 1 },
        ),
        snapshotId: struct(
          '12+',
          {
            endOffset: int64('0+', { default: -1 }),
            epoch: int32('0+', { default: -1 }),
          },
          { tag: 2 },
        ),
        abortedTransactions: array(
          '4+',
          {
            producerId: int64('4+'),
            firstOffset: int64('4+'),
          },
          { nullable: '4+' },
        ),
        preferredReadReplica: int32('11+', { default: -1 }),
        records: records('0+', { nullable: '0+' }),
      }),
    }),
    nodeEndpoints: array(
      '16+',
      {
        nodeId: int32('16+'),
        host: string('16+'),
        port: int32('16+'),
        rack: string('16+', { nullable: '16+', default: null }),
      },
      { tag: 0 },
    ),
  },
);
export type FetchResponse = MessageOf<typeof fetchResponse>;
