import type { MessageOf } from '../schema.ts';
import { array, bool, int16, int32, int64Clamped, message, string, struct, uuid } from '../schema.ts';

/** Acknowledges records of a share group without acquiring more (KIP-932). 2: renewal of their locks (KIP-1222). */
export const shareAcknowledgeRequest = message(
  { name: 'ShareAcknowledgeRequest', key: 79, versions: '1-2', flexible: '0+' },
  {
    groupId: string('0+', { nullable: '0+', default: null }),
    memberId: string('0+', { nullable: '0+' }),
    shareSessionEpoch: int32('0+'),
    isRenewAck: bool('2+', { default: false }),
    topics: array('0+', {
      topicId: uuid('0+'),
      partitions: array('0+', {
        partitionIndex: int32('0+'),
        acknowledgementBatches: array('0+', {
          firstOffset: int64Clamped('0+'),
          lastOffset: int64Clamped('0+'),
          acknowledgeTypes: array('0+', 'int8'),
        }),
      }),
    }),
  },
);
export type ShareAcknowledgeRequest = MessageOf<typeof shareAcknowledgeRequest>;

export const shareAcknowledgeResponse = message(
  { name: 'ShareAcknowledgeResponse', key: 79, versions: '1-2', flexible: '0+' },
  {
    throttleTimeMs: int32('0+'),
    errorCode: int16('0+'),
    errorMessage: string('0+', { nullable: '0+', default: null }),
    acquisitionLockTimeoutMs: int32('2+'),
    responses: array('0+', {
      topicId: uuid('0+'),
      partitions: array('0+', {
        partitionIndex: int32('0+'),
        errorCode: int16('0+'),
        errorMessage: string('0+', { nullable: '0+', default: null }),
        currentLeader: struct('0+', { leaderId: int32('0+'), leaderEpoch: int32('0+') }),
      }),
    }),
    nodeEndpoints: array('0+', {
      nodeId: int32('0+'),
      host: string('0+'),
      port: int32('0+'),
      rack: string('0+', { nullable: '0+', default: null }),
    }),
  },
);
export type ShareAcknowledgeResponse = MessageOf<typeof shareAcknowledgeResponse>;
