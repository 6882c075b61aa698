import { errorCode } from '../../../protocol/error-codes.ts';
import { addOffsetsToTxnRequest, addOffsetsToTxnResponse } from '../../../protocol/schemas/25-add-offsets-to-txn.ts';
import { offsetsTopicName } from '../../../protocol/system-topics.ts';
import { coordinatorPartition } from '../../coordinator/coordinator-partition.ts';
import { memberRight } from '../authorization/rights.ts';
import { defineHandler } from '../handler.ts';
import { createTopics } from '../metadata/auto-create-topics.ts';
import { forOldProducers } from '../transactions/old-producers.ts';

/*
 * AddOffsetsToTxn 0-4: the partition of `__consumer_offsets` that has a group's offsets joins the producer's transaction.
 * - WRITE on the transactional id, then READ on the group.
 * - `__consumer_offsets` is created when it is missing, for a producer may ask this before anybody looks for the group's
 *   coordinator; COORDINATOR_NOT_AVAILABLE until it is there.
 * - Producers of version 2 do without: their TxnOffsetCommit adds the partition.
 */

const clientTransactionVersion = 1;

export const addOffsetsToTxnHandler = defineHandler(addOffsetsToTxnRequest, addOffsetsToTxnResponse, {
  needs: ['controller', 'log', 'metadata', 'quorum', 'settings', 'transactions'],
  right: (request, context) =>
    context.authorize('write', 'transactionalId', request.transactionalId)
      ? memberRight(request, context)
      : errorCode.TRANSACTIONAL_ID_AUTHORIZATION_FAILED,
  handle: async ({ transactionalId, producerId, producerEpoch, groupId }, context, services) => {
    const offsetsTopic = () => services.metadata().topics.get(offsetsTopicName);
    if (!offsetsTopic()) await createTopics([offsetsTopicName], services, context);
    const count = offsetsTopic()?.partitions.length;
    if (count === undefined) return { errorCode: errorCode.COORDINATOR_NOT_AVAILABLE };
    const partitions = new Map([[offsetsTopicName, [coordinatorPartition(groupId, count)]]]);
    const claim = { producerId, epoch: producerEpoch };
    const { transactions } = services;
    const code = await transactions.addPartitions(transactionalId, claim, partitions, clientTransactionVersion);
    return { errorCode: forOldProducers(code, context.apiVersion) };
  },
});
