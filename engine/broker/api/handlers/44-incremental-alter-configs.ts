import { apis } from '../../../protocol/api-keys.ts';
import type { ErrorCode } from '../../../protocol/error-codes.ts';
import { errorCode } from '../../../protocol/error-codes.ts';
import type { IncrementalAlterConfigsRequest } from '../../../protocol/schemas/44-incremental-alter-configs.ts';
import {
  incrementalAlterConfigsRequest,
  incrementalAlterConfigsResponse,
} from '../../../protocol/schemas/44-incremental-alter-configs.ts';
import { configRight } from '../authorization/config-right.ts';
import { refusalMessage } from '../authorization/refusal-message.ts';
import { splitByRight } from '../authorization/split-by-right.ts';
import { codeOfFailure } from '../controller/controller-command.ts';
import { defineHandler } from '../handler.ts';

type Asked = IncrementalAlterConfigsRequest['resources'][number];

/*
 * IncrementalAlterConfigs 0-1: any broker; the active controller decides (KIP-339).
 * - SET, DELETE, APPEND, SUBTRACT on topics and on brokers (by id, or all with an empty name).
 * - ALTER_CONFIGS on the topic, on the group, or on the cluster for the others.
 * - Of a broker only the defaults of its topics may be changed this way; other settings need a restart.
 * - Not implemented: broker loggers, groups, client metrics.
 */
export const incrementalAlterConfigsHandler = defineHandler(
  incrementalAlterConfigsRequest,
  incrementalAlterConfigsResponse,
  {
    needs: ['controller'],
    refuse,
    handle: async (request, context, { controller }) => {
      const codeOf = (asked: Asked) => configRight('alterConfigs', asked, context);
      const { allowed, refused } = splitByRight(request.resources, (asked) => codeOf(asked) === errorCode.NONE);
      const refusedRows = refused.map((asked) => refusedRow(asked, codeOf(asked)));
      if (allowed.length === 0) return { responses: refusedRows };
      const asked = { ...request, resources: allowed };
      try {
        const response = await controller.submit(apis.incrementalAlterConfigs, asked, { client: context });
        return { ...response, responses: [...response.responses, ...refusedRows] };
      } catch (error) {
        return { responses: [...refuse(asked, codeOfFailure(error)).responses, ...refusedRows] };
      }
    },
  },
);

function refuse({ resources }: IncrementalAlterConfigsRequest, code: ErrorCode) {
  return { responses: resources.map((asked) => refusedRow(asked, code)) };
}

function refusedRow({ resourceType, resourceName }: Asked, code: ErrorCode) {
  return { errorCode: code, errorMessage: refusalMessage(code), resourceType, resourceName };
}
