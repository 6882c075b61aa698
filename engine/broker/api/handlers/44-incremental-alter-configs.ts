import { apis } from '../../../protocol/api-keys.ts';
import type { ErrorCode } from '../../../protocol/error-codes.ts';
import type { IncrementalAlterConfigsRequest } from '../../../protocol/schemas/44-incremental-alter-configs.ts';
import {
  incrementalAlterConfigsRequest,
  incrementalAlterConfigsResponse,
} from '../../../protocol/schemas/44-incremental-alter-configs.ts';
import { codeOfFailure } from '../controller/controller-command.ts';
import { defineHandler } from '../handler.ts';

/*
 * IncrementalAlterConfigs 0-1: any broker; the active controller decides (KIP-339).
 * - SET, DELETE, APPEND, SUBTRACT on topics and on brokers (by id, or all with an empty name).
 * - Of a broker only the defaults of its topics may be changed this way; other settings need a restart.
 * - Not implemented: broker loggers, groups, client metrics.
 */
export const incrementalAlterConfigsHandler = defineHandler(
  incrementalAlterConfigsRequest,
  incrementalAlterConfigsResponse,
  {
    needs: ['controller'],
    refuse,
    handle: async (request, client, { controller }) => {
      try {
        return await controller.submit(apis.incrementalAlterConfigs, request, { client });
      } catch (error) {
        return refuse(request, codeOfFailure(error));
      }
    },
  },
);

function refuse({ resources }: IncrementalAlterConfigsRequest, errorCode: ErrorCode) {
  return {
    responses: resources.map(({ resourceType, resourceName }) => ({
      errorCode,
      errorMessage: null,
      resourceType,
      resourceName,
    })),
  };
}
