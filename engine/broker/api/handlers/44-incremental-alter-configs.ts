import { apis } from '../../../protocol/api-keys.ts';
import type { ErrorCode } from '../../../protocol/error-codes.ts';
import { errorCode } from '../../../protocol/error-codes.ts';
import type { IncrementalAlterConfigsRequest } from '../../../protocol/schemas/44-incremental-alter-configs.ts';
import {
  incrementalAlterConfigsRequest,
  incrementalAlterConfigsResponse,
} from '../../../protocol/schemas/44-incremental-alter-configs.ts';
import { configResourceTypes } from '../../controller/configs/configs-image.ts';
import { configRight } from '../authorization/config-right.ts';
import { refusalMessage } from '../authorization/refusal-message.ts';
import { splitByRight } from '../authorization/split-by-right.ts';
import { codeOfFailure } from '../controller/controller-command.ts';
import { defineHandler } from '../handler.ts';
import type { BrokerServices } from '../services.ts';

type Asked = IncrementalAlterConfigsRequest['resources'][number];

/*
 * IncrementalAlterConfigs 0-1: any broker; the active controller decides (KIP-339).
 * - SET, DELETE, APPEND, SUBTRACT on topics and on brokers (by id, or all with an empty name).
 * - ALTER_CONFIGS on the topic, on the group, or on the cluster for the others.
 * - Of a broker only the defaults of its topics, and the key and trust stores of its listeners, may be changed this way; other settings need
 *   a restart. Stores are read by the broker that they are for, before anything is written: it alone may be asked.
 * - Not implemented: broker loggers, groups, client metrics.
 */
export const incrementalAlterConfigsHandler = defineHandler(
  incrementalAlterConfigsRequest,
  incrementalAlterConfigsResponse,
  {
    needs: ['controller', 'listenerConfigFault'],
    refuse,
    handle: async (request, context, { controller, listenerConfigFault }) => {
      const codeOf = (asked: Asked) => configRight('alterConfigs', asked, context);
      const { allowed, refused } = splitByRight(request.resources, (asked) => codeOf(asked) === errorCode.NONE);
      const faults = new Map(allowed.map((asked) => [asked, listenerFault(asked, listenerConfigFault)]));
      const resources = allowed.filter((asked) => faults.get(asked) === undefined);
      const refusedRows = [
        ...refused.map((asked) => refusedRow(asked, codeOf(asked))),
        ...allowed.flatMap((asked) => faultyRow(asked, faults.get(asked))),
      ];
      if (resources.length === 0) return { responses: refusedRows };
      const asked = { ...request, resources };
      try {
        const response = await controller.submit(apis.incrementalAlterConfigs, asked, { client: context });
        return { ...response, responses: [...response.responses, ...refusedRows] };
      } catch (error) {
        return { responses: [...refuse(asked, codeOfFailure(error)).responses, ...refusedRows] };
      }
    },
  },
);

function listenerFault(asked: Asked, faultOf: BrokerServices['listenerConfigFault']): string | undefined {
  return asked.resourceType === configResourceTypes.broker ? faultOf(asked) : undefined;
}

/** A broker says itself what its own files are worth. */
function faultyRow({ resourceType, resourceName }: Asked, errorMessage: string | undefined) {
  return errorMessage === undefined
    ? []
    : [{ errorCode: errorCode.INVALID_REQUEST, errorMessage, resourceType, resourceName }];
}

function refuse({ resources }: IncrementalAlterConfigsRequest, code: ErrorCode) {
  return { responses: resources.map((asked) => refusedRow(asked, code)) };
}

function refusedRow({ resourceType, resourceName }: Asked, code: ErrorCode) {
  return { errorCode: code, errorMessage: refusalMessage(code), resourceType, resourceName };
}
