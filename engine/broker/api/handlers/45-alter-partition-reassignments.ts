import { apis } from '../../../protocol/api-keys.ts';
import type { ErrorCode } from '../../../protocol/error-codes.ts';
import type { AlterPartitionReassignmentsRequest } from '../../../protocol/schemas/45-alter-partition-reassignments.ts';
import {
  alterPartitionReassignmentsRequest,
  alterPartitionReassignmentsResponse,
} from '../../../protocol/schemas/45-alter-partition-reassignments.ts';
import { refusalMessage } from '../authorization/refusal-message.ts';
import { clusterRight } from '../authorization/rights.ts';
import { adminTimeoutMs, codeOfFailure } from '../controller/controller-command.ts';
import { defineHandler } from '../handler.ts';

/*
 * AlterPartitionReassignments 0-1: any broker; the active controller decides (KIP-455).
 * - ALTER on the cluster. Null replicas call a move off. 1: `allowReplicationFactorChange` false refuses another number (KIP-860).
 */
export const alterPartitionReassignmentsHandler = defineHandler(
  alterPartitionReassignmentsRequest,
  alterPartitionReassignmentsResponse,
  {
    needs: ['controller'],
    right: clusterRight('alter'),
    refuse,
    handle: async (request, context, { controller }) => {
      try {
        return await controller.submit(apis.alterPartitionReassignments, request, {
          timeoutMs: adminTimeoutMs(request.timeoutMs),
          client: context,
        });
      } catch (error) {
        return refuse(request, codeOfFailure(error));
      }
    },
  },
);

function refuse({ topics }: AlterPartitionReassignmentsRequest, code: ErrorCode) {
  const errorMessage = refusalMessage(code);
  const responses = topics.map(({ name, partitions }) => ({
    name,
    partitions: partitions.map(({ partitionIndex }) => ({ partitionIndex, errorCode: code, errorMessage })),
  }));
  return { errorCode: code, errorMessage, responses };
}
