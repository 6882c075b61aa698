import type { MessageOf } from '../schema.ts';
import { array, int16, int32, int64, message, records, string, struct, uuid } from '../schema.ts';

/**
 * Appends record batches to partitions. With acks 0 there is no response.
 * 3: record batches v2 and transactional id (KIP-98). 7: zstd. 8: errors per record (KIP-467). 9: flexible.
 * 10: leader hints (KIP-951). 11-12: transactions v2 (KIP-890). 13: topic ids instead of names (KIP-516).
 */
export const produceRequest = message(
  { name: 'ProduceRequest', key: 0, versions: '3-13', flexible: '9+' },
  {
    transactionalId: string('3+', { nullable: '3+', default: null }),
    acks: int16('0+'),
    timeoutMs: int32('0+'),
    topicData: array('0+', {
      name: string('0-12'),
      topicId: uuid('13+'),
      partitionData: array('0+', {
        index: int32('0+'),
        records: records('0+', { nullable: '0+' }),
      }),
    }),
  },
);
export type ProduceRequest = MessageOf<typeof produceRequest>;

export const produceResponse = message(
  { name: 'ProduceResponse', key: 0, versions: '3-13', flexible: '9+' },
  {
    responses: array('0+', {
      name: string('0-12'),
      topicId: uuid('13+'),
      partitionResponses: array('0+', {
        index: int32('0+'),
        errorCode: int16('0+'),
        baseOffset: int64('0+'),
        logAppendTimeMs: int64('2+', { default: -1 }),
        logStartOffset: int64('5+', { default: -1 }),
        recordErrors: array('8+', {
          batchIndex: int32('8+'),
          batchIndexErrorMessage: string('8+', { nullable: '8+', default: null }),
        }),
        errorMessage: string('8+', { nullable: '8+', default: null }),
        currentLeader: struct(
          '10+',
          {
            leaderId: int32('10+', { default: -1 }),
            leaderEpoch: int32('10+', { default: -1 }),
          },
          { tag: 0 },
        ),
      }),
    }),
    throttleTimeMs: int32('1+', { default: 0 }),
    nodeEndpoints: array(
      '10+',
      {
        nodeId: int32('10+'),
        host: string('10+'),
        port: int32('10+'),
        rack: string('10+', { nullable: '10+', default: null }),
      },
      { tag: 0 },
    ),
  },
);
export type ProduceResponse = MessageOf<typeof produceResponse>;
