import type { MessageOf } from '../../schema.ts';
import { array, int8, int16, int32, int64, message, string } from '../../schema.ts';

/** A transactional id in __transaction_state. The record's key starts with int16 key type 0, the value with its version. */
export const transactionLogKey = message(
  { name: 'TransactionLogKey', key: 0, versions: '0', flexible: 'none' },
  { transactionalId: string('0') },
);
export type TransactionLogKey = MessageOf<typeof transactionLogKey>;

export const transactionLogValue = message(
  { name: 'TransactionLogValue', key: 0, versions: '0-1', flexible: '1+' },
  {
    producerId: int64('0+'),
    previousProducerId: int64('1+', { tag: 0, default: -1 }),
    nextProducerId: int64('1+', { tag: 1, default: -1 }),
    producerEpoch: int16('0+'),
    nextProducerEpoch: int16('1+', { tag: 3, default: -1 }),
    transactionTimeoutMs: int32('0+'),
    transactionStatus: int8('0+'),
    transactionPartitions: array('0+', { topic: string('0+'), partitionIds: array('0+', 'int32') }, { nullable: '0+' }),
    transactionLastUpdateTimestampMs: int64('0+'),
    transactionStartTimestampMs: int64('0+'),
    clientTransactionVersion: int16('1+', { tag: 2, default: 0 }),
  },
);
export type TransactionLogValue = MessageOf<typeof transactionLogValue>;
