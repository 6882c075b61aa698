import { alterPartitionRequest, alterPartitionResponse } from '../../../protocol/schemas/56-alter-partition.ts';
import { controllerCommand } from '../controller/controller-command.ts';
import { defineHandler } from '../handler.ts';

/*
 * AlterPartition 2-3, from a partition's leader to the active controller (KIP-497).
 * - Checks partition epoch, leader epoch, broker epoch; refuses fenced or restarted members (KIP-841, KIP-903).
 * - On any other broker NOT_CONTROLLER; leaders go through the gateway, which finds the controller.
 */
export const alterPartitionHandler = defineHandler(alterPartitionRequest, alterPartitionResponse, {
  needs: ['quorum'],
  handle: (request, { apiKey }, { quorum }) => controllerCommand(apiKey, request, alterPartitionResponse, quorum),
});
