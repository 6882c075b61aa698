import type { ErrorCode } from '../../../protocol/error-codes.ts';
import { errorCode } from '../../../protocol/error-codes.ts';
import type { InitProducerIdRequest } from '../../../protocol/schemas/22-init-producer-id.ts';
import { initProducerIdRequest, initProducerIdResponse } from '../../../protocol/schemas/22-init-producer-id.ts';
import { clusterName } from '../../security/resource.ts';
import type { RequestContext } from '../handler.ts';
import { defineHandler } from '../handler.ts';

/*
 * InitProducerId 0-6: an id for an idempotent producer.
 * - Without a transactional id every call gives a new id with epoch 0, whatever id the producer had (as Kafka does).
 * - 3+: an id without an epoch, or an epoch without an id, is INVALID_REQUEST.
 * - WRITE on the transactional id; without one IDEMPOTENT_WRITE on the cluster, or WRITE on any topic (KIP-679).
 * - No block of ids from the controller: COORDINATOR_LOAD_IN_PROGRESS, which producers retry.
 * - Not implemented: transactions. A transactional id gets UNSUPPORTED_VERSION, which producers report and do not retry; an
 *   empty one INVALID_REQUEST.
 */
const none = -1;

export const initProducerIdHandler = defineHandler(initProducerIdRequest, initProducerIdResponse, {
  needs: ['producerIds'],
  right: producerRight,
  refuse: (_request, code) => failed(code),
  handle: async ({ transactionalId, producerId: formerId, producerEpoch: formerEpoch }, _context, { producerIds }) => {
    if ((formerId === none) !== (formerEpoch === none)) return failed(errorCode.INVALID_REQUEST);
    if (transactionalId === '') return failed(errorCode.INVALID_REQUEST);
    if (transactionalId !== null) return failed(errorCode.UNSUPPORTED_VERSION);
    const producerId = await producerIds.next();
    if (producerId === undefined) return failed(errorCode.COORDINATOR_LOAD_IN_PROGRESS);
    return { errorCode: errorCode.NONE, producerId, producerEpoch: 0 };
  },
});

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
