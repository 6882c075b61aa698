import type { MessageOf } from '../schema.ts';
import { bool, int16, int32, int64, int64Clamped, message, string } from '../schema.ts';

/** Commits or aborts a transaction. 3: flexible. 4: TRANSACTION_ABORTABLE. 5: transactions v2, the next epoch is answered (KIP-890). */
export const endTxnRequest = message(
  { name: 'EndTxnRequest', key: 26, versions: '0-5', flexible: '3+' },
  {
    transactionalId: string('0+'),
    producerId: int64Clamped('0+'),
    producerEpoch: int16('0+'),
    committed: bool('0+'),
  },
);
export type EndTxnRequest = MessageOf<typeof endTxnRequest>;

export const endTxnResponse = message(
  { name: 'EndTxnResponse', key: 26, versions: '0-5', flexible: '3+' },
  {
    throttleTimeMs: int32('0+', { default: 0 }),
    errorCode: int16('0+'),
    producerId: int64('5+', { default: -1 }),
    producerEpoch: int16('5+', { default: -1 }),
  },
);
export type EndTxnResponse = MessageOf<typeof endTxnResponse>;
