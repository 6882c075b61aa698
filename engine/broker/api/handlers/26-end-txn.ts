import { errorCode } from '../../../protocol/error-codes.ts';
import { endTxnRequest, endTxnResponse } from '../../../protocol/schemas/26-end-txn.ts';
import { defineHandler } from '../handler.ts';
import { forOldProducers } from '../transactions/old-producers.ts';

/*
 * EndTxn 0-5: commits or aborts a producer's transaction.
 * - WRITE on the transactional id.
 * - Answered when the decision is on all in-sync replicas of `__transaction_state`; the markers follow.
 * - 5+: transactions of version 2: the answer names the producer id and epoch of the next transaction (KIP-890).
 */

/** First version of the request that is of transactions of version 2. */
const bumpSinceVersion = 5;

export const endTxnHandler = defineHandler(endTxnRequest, endTxnResponse, {
  needs: ['transactions'],
  right: ({ transactionalId }, context) =>
    context.authorize('write', 'transactionalId', transactionalId)
      ? errorCode.NONE
      : errorCode.TRANSACTIONAL_ID_AUTHORIZATION_FAILED,
  handle: async ({ transactionalId, producerId, producerEpoch, committed }, { apiVersion }, { transactions }) => {
    const clientVersion = apiVersion >= bumpSinceVersion ? 2 : 1;
    const command = { producerId, epoch: producerEpoch, isCommit: committed, clientVersion };
    const answer = await transactions.end(transactionalId, command);
    return { ...answer, errorCode: forOldProducers(answer.errorCode, apiVersion) };
  },
});
