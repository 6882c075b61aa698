import type { StateMachine } from '../coordinator/state-machine.ts';
import type { Transaction } from './transaction.ts';
import type { TransactionRecord } from './transaction-records.ts';
import { decodeTransactionRecord, encodeTransactionRecord } from './transaction-records.ts';

/** The transactional ids of one partition of `__transaction_state`. */
export interface TransactionShard {
  readonly stored: Map<string, Transaction>;
  /** Ids for which a write is on its way: soft, others are told to come again. */
  readonly pending: Set<string>;
}

/** Transactions for the coordinator's runtime: records move what is stored, and nothing else. */
export const transactionMachine: StateMachine<TransactionShard, TransactionRecord> = {
  create: () => ({ stored: new Map(), pending: new Set() }),
  encode: encodeTransactionRecord,
  decode: decodeTransactionRecord,
  apply: ({ stored }, { transactionalId, transaction }) => {
    if (transaction) stored.set(transactionalId, transaction);
    else stored.delete(transactionalId);
  },
};
