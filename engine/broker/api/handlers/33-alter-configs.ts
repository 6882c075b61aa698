import { apis } from '../../../protocol/api-keys.ts';
import type { ErrorCode } from '../../../protocol/error-codes.ts';
import { errorCode } from '../../../protocol/error-codes.ts';
import type { AlterConfigsRequest } from '../../../protocol/schemas/33-alter-configs.ts';
import { alterConfigsRequest, alterConfigsResponse } from '../../../protocol/schemas/33-alter-configs.ts';
import { configResourceKinds, configRight } from '../authorization/config-right.ts';
import { refusalMessage } from '../authorization/refusal-message.ts';
import { splitByRight } from '../authorization/split-by-right.ts';
import { codeOfFailure } from '../controller/controller-command.ts';
import { defineHandler } from '../handler.ts';
import type { BrokerServices } from '../services.ts';

type Asked = AlterConfigsRequest['resources'][number];

/*
 * AlterConfigs 0-2: any broker; the active controller decides. Replaced by IncrementalAlterConfigs (KIP-339): what a resource has and the
 * request does not name goes back to its default.
 * - Topics and brokers (by id, or all with an empty name). ALTER_CONFIGS as for IncrementalAlterConfigs.
 * - Broker loggers have no such request: INVALID_REQUEST, whoever asks.
 */
export const alterConfigsHandler = defineHandler(alterConfigsRequest, alterConfigsResponse, {
  needs: ['controller', 'listenerConfigFault'],
  refuse,
  handle: async (request, context, { controller, listenerConfigFault }) => {
    const refusalOf = (asked: Asked) =>
      refusalRow(asked, configRight('alterConfigs', asked, context), listenerConfigFault);
    const { allowed, refused } = splitByRight(request.resources, (asked) => refusalOf(asked) === undefined);
    const refusedRows = refused.flatMap((asked) => refusalOf(asked) ?? []);
    if (allowed.length === 0) return { responses: refusedRows };
    const asked = { ...request, resources: allowed };
    try {
      const response = await controller.submit(apis.alterConfigs, asked, { client: context });
      return { ...response, responses: [...response.responses, ...refusedRows] };
    } catch (error) {
      return { responses: [...refuse(asked, codeOfFailure(error)).responses, ...refusedRows] };
    }
  },
});

function refuse({ resources }: AlterConfigsRequest, code: ErrorCode) {
  return { responses: resources.map((asked) => row(asked, code, refusalMessage(code))) };
}

function refusalRow(asked: Asked, code: ErrorCode, faultOf: BrokerServices['listenerConfigFault']) {
  if (asked.resourceType === configResourceKinds.brokerLogger)
    return row(asked, errorCode.INVALID_REQUEST, `Unknown resource type ${asked.resourceType}`);
  if (code !== errorCode.NONE) return row(asked, code, refusalMessage(code));
  const fault = asked.resourceType === configResourceKinds.broker ? faultOf(asSet(asked)) : undefined;
  return fault === undefined ? undefined : row(asked, errorCode.INVALID_REQUEST, fault);
}

function asSet({ resourceName, configs }: Asked) {
  return { resourceName, configs: configs.map(({ name, value }) => ({ name, value, configOperation: 0 })) };
}

function row({ resourceType, resourceName }: Asked, code: ErrorCode, errorMessage: string | null) {
  return { errorCode: code, errorMessage, resourceType, resourceName };
}
