import type { MessageOf } from '../schema.ts';
import { int16, int32, int64Clamped, message, string } from '../schema.ts';

/** Adds a group's committed offsets to a transaction. 3: flexible. 4: TRANSACTION_ABORTABLE (KIP-890). */
export const addOffsetsToTxnRequest = message(
  { name: 'AddOffsetsToTxnRequest', key: 25, versions: '0-4', flexible: '3+' },
  {
    transactionalId: string('0+'),
    producerId: int64Clamped('0+'),
    producerEpoch: int16('0+'),
    groupId: string('0+'),
  },
);
export type AddOffsetsToTxnRequest = MessageOf<typeof addOffsetsToTxnRequest>;

export const addOffsetsToTxnResponse = message(
  { name: 'AddOffsetsToTxnResponse', key: 25, versions: '0-4', flexible: '3+' },
  { throttleTimeMs: int32('0+', { default: 0 }), errorCode: int16('0+') },
);
export type AddOffsetsToTxnResponse = MessageOf<typeof addOffsetsToTxnResponse>;
