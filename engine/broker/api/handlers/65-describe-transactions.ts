import type { ErrorCode } from '../../../protocol/error-codes.ts';
import { errorCode } from '../../../protocol/error-codes.ts';
import {
  describeTransactionsRequest,
  describeTransactionsResponse,
} from '../../../protocol/schemas/65-describe-transactions.ts';
import type { Transaction } from '../../txn/transaction.ts';
import type { RequestContext } from '../handler.ts';
import { defineHandler } from '../handler.ts';

/*
 * DescribeTransactions 0: what the coordinator of transactional ids knows of them (KIP-664).
 * - DESCRIBE on each id. Topics that who asks may not describe are left out.
 * - TRANSACTIONAL_ID_NOT_FOUND, NOT_COORDINATOR and COORDINATOR_LOAD_IN_PROGRESS stand on the rows.
 */

const nobody = { transactionState: '', transactionTimeoutMs: 0, transactionStartTimeMs: 0, producerId: 0, producerEpoch: 0 };

export const describeTransactionsHandler = defineHandler(describeTransactionsRequest, describeTransactionsResponse, {
  needs: ['transactions'],
  refuse: ({ transactionalIds }, code) => ({ transactionStates: transactionalIds.map((id) => failed(id, code)) }),
  handle: ({ transactionalIds }, context, { transactions }) => ({
    transactionStates: transactionalIds.map((id) => {
      if (!context.authorize('describe', 'transactionalId', id))
        return failed(id, errorCode.TRANSACTIONAL_ID_AUTHORIZATION_FAILED);
      const known = transactions.describe(id) ?? errorCode.TRANSACTIONAL_ID_NOT_FOUND;
      return typeof known === 'number' ? failed(id, known) : describe(known, context);
    }),
  }),
});

function describe(transaction: Transaction, context: RequestContext) {
  const topics = [...transaction.partitions].filter(([topic]) => context.authorize('describe', 'topic', topic));
  return {
    errorCode: errorCode.NONE,
    transactionalId: transaction.transactionalId,
    transactionState: transaction.phase,
    transactionTimeoutMs: transaction.timeoutMs,
    transactionStartTimeMs: transaction.startMs,
    producerId: transaction.producerId,
    producerEpoch: transaction.producerEpoch,
    topics: topics.map(([topic, partitions]) => ({ topic, partitions: [...partitions] })),
  };
}

function failed(transactionalId: string, code: ErrorCode) {
  return { ...nobody, transactionalId, errorCode: code, topics: [] };
}
