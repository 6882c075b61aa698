import { apis } from '../../../protocol/api-keys.ts';
import type { ErrorCode } from '../../../protocol/error-codes.ts';
import {
  listPartitionReassignmentsRequest,
  listPartitionReassignmentsResponse,
} from '../../../protocol/schemas/46-list-partition-reassignments.ts';
import { refusalMessage } from '../authorization/refusal-message.ts';
import { clusterRight } from '../authorization/rights.ts';
import { adminTimeoutMs, codeOfFailure } from '../controller/controller-command.ts';
import { defineHandler } from '../handler.ts';

/*
 * ListPartitionReassignments 0: any broker; the active controller answers, so that a move just begun is seen (KIP-455).
 * - DESCRIBE on the cluster. Null topics mean all; what does not move has no row.
 */
export const listPartitionReassignmentsHandler = defineHandler(
  listPartitionReassignmentsRequest,
  listPartitionReassignmentsResponse,
  {
    needs: ['controller'],
    right: clusterRight('describe'),
    refuse: (_request, code) => refuse(code),
    handle: async (request, _context, { controller }) => {
      try {
        return await controller.submit(apis.listPartitionReassignments, request, {
          timeoutMs: adminTimeoutMs(request.timeoutMs),
        });
      } catch (error) {
        return refuse(codeOfFailure(error));
      }
    },
  },
);

function refuse(code: ErrorCode) {
  return { errorCode: code, errorMessage: refusalMessage(code), topics: [] };
}
