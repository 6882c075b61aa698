import { errorCode } from '../../../protocol/error-codes.ts';
import { listTransactionsRequest, listTransactionsResponse } from '../../../protocol/schemas/66-list-transactions.ts';
import { idPattern } from '../../txn/id-pattern.ts';
import { transactionPhases } from '../../txn/transaction.ts';
import { defineHandler } from '../handler.ts';

/*
 * ListTransactions 0-2: the transactional ids that this broker coordinates (KIP-664).
 * - Ids that who asks may not DESCRIBE are left out.
 * - By state (names that are none are told back), by producer id, 1+: by how long it has been open (KIP-994), 2: by a
 *   pattern of names in RE2, which has to match the whole name (KIP-1152); INVALID_REGULAR_EXPRESSION.
 * - COORDINATOR_LOAD_IN_PROGRESS while some are being read.
 */

export const listTransactionsHandler = defineHandler(listTransactionsRequest, listTransactionsResponse, {
  needs: ['clock', 'transactions'],
  handle: ({ stateFilters, producerIdFilters, durationFilter, transactionalIdPattern }, context, services) => {
    const pattern = idPattern(transactionalIdPattern);
    if (!pattern.ok)
      return { errorCode: errorCode.INVALID_REGULAR_EXPRESSION, unknownStateFilters: [], transactionStates: [] };
    const { errorCode: code, transactions } = services.transactions.list();
    if (code !== errorCode.NONE) return { errorCode: code, unknownStateFilters: [], transactionStates: [] };
    const names: readonly string[] = transactionPhases;
    const nowMs = services.clock.now();
    const found = transactions.filter(
      ({ transactionalId, phase, producerId, startMs }) =>
        phase !== 'Dead' &&
        (stateFilters.length === 0 || stateFilters.includes(phase)) &&
        (producerIdFilters.length === 0 || producerIdFilters.includes(producerId)) &&
        (durationFilter < 0 || nowMs - startMs > durationFilter) &&
        pattern.value(transactionalId) &&
        context.authorize('describe', 'transactionalId', transactionalId),
    );
    return {
      errorCode: errorCode.NONE,
      unknownStateFilters: stateFilters.filter((state) => !names.includes(state)),
      transactionStates: found.map(({ transactionalId, producerId, phase }) => ({
        transactionalId,
        producerId,
        transactionState: phase,
      })),
    };
  },
});
