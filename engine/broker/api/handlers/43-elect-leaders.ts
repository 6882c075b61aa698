import { apis } from '../../../protocol/api-keys.ts';
import type { ErrorCode } from '../../../protocol/error-codes.ts';
import type { ElectLeadersRequest } from '../../../protocol/schemas/43-elect-leaders.ts';
import { electLeadersRequest, electLeadersResponse } from '../../../protocol/schemas/43-elect-leaders.ts';
import { refusalMessage } from '../authorization/refusal-message.ts';
import { clusterRight } from '../authorization/rights.ts';
import { adminTimeoutMs, codeOfFailure } from '../controller/controller-command.ts';
import { defineHandler } from '../handler.ts';

/*
 * ElectLeaders 0-2: any broker; the active controller decides (KIP-183, 460).
 * - ALTER on the cluster. Preferred leaders; from 1 on any replica that lives, for partitions without a leader.
 * - A null list means all partitions. 0 has no error code of its own, but on its rows.
 */
export const electLeadersHandler = defineHandler(electLeadersRequest, electLeadersResponse, {
  needs: ['controller'],
  right: clusterRight('alter'),
  refuse,
  handle: async (request, context, { controller }) => {
    try {
      return await controller.submit(apis.electLeaders, request, {
        timeoutMs: adminTimeoutMs(request.timeoutMs),
        client: context,
      });
    } catch (error) {
      return refuse(request, codeOfFailure(error));
    }
  },
});

function refuse({ topicPartitions }: ElectLeadersRequest, code: ErrorCode) {
  const errorMessage = refusalMessage(code);
  return {
    errorCode: code,
    replicaElectionResults: (topicPartitions ?? []).map(({ topic, partitions }) => ({
      topic,
      partitionResult: partitions.map((partitionId) => ({ partitionId, errorCode: code, errorMessage })),
    })),
  };
}
