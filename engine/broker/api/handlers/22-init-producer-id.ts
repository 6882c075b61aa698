import type { ErrorCode } from '../../../protocol/error-codes.ts';
import { errorCode } from '../../../protocol/error-codes.ts';
import type { InitProducerIdRequest } from '../../../protocol/schemas/22-init-producer-id.ts';
import { initProducerIdRequest, initProducerIdResponse } from '../../../protocol/schemas/22-init-producer-id.ts';
import { clusterName } from '../../security/resource.ts';
import type { RequestContext } from '../handler.ts';
import { defineHandler } from '../handler.ts';

/*
 * InitProducerId 0-6: an id for an idempotent producer, or for a transactional one.
 * - Without a transactional id every call gives a new id with epoch 0, whatever id the producer had (as Kafka does).
 * - 3+: an id without an epoch, or an epoch without an id, is INVALID_REQUEST.
 * - WRITE on the transactional id; without one IDEMPOTENT_WRITE on the cluster, or WRITE on any topic (KIP-679).
 * - No block of ids from the controller: COORDINATOR_LOAD_IN_PROGRESS, which producers retry.
 * - With a transactional id its coordinator gives the next epoch, which fences the producer before; an open transaction is
 *   aborted first, and the producer comes again (CONCURRENT_TRANSACTIONS). An empty one is INVALID_REQUEST.
 * - Not implemented: two-phase commit (6, KIP-939), which Kafka 4.4.0 does not announce either: INVALID_REQUEST where asked for.
 */
const none = -1;
const fencedSinceVersion = 4;

export const initProducerIdHandler = defineHandler(initProducerIdRequest, initProducerIdResponse, {
  needs: ['producerIds', 'transactions'],
  right: producerRight,
  refuse: (_request, code) => failed(code),
  handle: async (request, { apiVersion }, { producerIds, transactions }) => {
    const { transactionalId, transactionTimeoutMs: timeoutMs, producerId: formerId, producerEpoch: epoch } = request;
    if ((formerId === none) !== (epoch === none)) return failed(errorCode.INVALID_REQUEST);
    if (request.enable2Pc || request.keepPreparedTxn) return failed(errorCode.INVALID_REQUEST);
    if (transactionalId !== null) {
      const expected = formerId === none ? undefined : { producerId: formerId, epoch };
      const answer = await transactions.initProducer({ transactionalId, timeoutMs, expected });
      return { ...answer, errorCode: forOldInit(answer.errorCode, apiVersion) };
    }
    const producerId = await producerIds.next();
    if (producerId === undefined) return failed(errorCode.COORDINATOR_LOAD_IN_PROGRESS);
    return { errorCode: errorCode.NONE, producerId, producerEpoch: 0 };
  },
});

/** Versions before 4 have no PRODUCER_FENCED (KIP-588). */
function forOldInit(code: ErrorCode, apiVersion: number): ErrorCode {
  return code === errorCode.PRODUCER_FENCED && apiVersion < fencedSinceVersion ? errorCode.INVALID_PRODUCER_EPOCH : code;
}

function failed(code: ErrorCode) {
  return { errorCode: code, producerId: -1, producerEpoch: -1 };
}

function producerRight({ transactionalId }: InitProducerIdRequest, context: RequestContext): ErrorCode {
  if (transactionalId !== null)
    return context.authorize('write', 'transactionalId', transactionalId)
      ? errorCode.NONE
      : errorCode.TRANSACTIONAL_ID_AUTHORIZATION_FAILED;
  const isAllowed =
    context.authorize('idempotentWrite', 'cluster', clusterName) || context.authorizeSomewhere('write', 'topic');
  return isAllowed ? errorCode.NONE : errorCode.CLUSTER_AUTHORIZATION_FAILED;
}
