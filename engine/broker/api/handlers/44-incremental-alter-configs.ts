import { apis } from '../../../protocol/api-keys.ts';
import type { ErrorCode } from '../../../protocol/error-codes.ts';
import { errorCode } from '../../../protocol/error-codes.ts';
import type { IncrementalAlterConfigsRequest } from '../../../protocol/schemas/44-incremental-alter-configs.ts';
import {
  incrementalAlterConfigsRequest,
  incrementalAlterConfigsResponse,
} from '../../../protocol/schemas/44-incremental-alter-configs.ts';
import { configResourceKinds, configRight } from '../authorization/config-right.ts';
import { refusalMessage } from '../authorization/refusal-message.ts';
import { splitByRight } from '../authorization/split-by-right.ts';
import { alterLoggers } from '../configs/broker-loggers.ts';
import { codeOfFailure } from '../controller/controller-command.ts';
import { defineHandler } from '../handler.ts';
import type { BrokerServices } from '../services.ts';

type Asked = IncrementalAlterConfigsRequest['resources'][number];

/*
 * IncrementalAlterConfigs 0-1: any broker; the active controller decides (KIP-339).
 * - SET, DELETE, APPEND, SUBTRACT on topics, on brokers (by id, or all with an empty name) and on groups.
 * - ALTER_CONFIGS on the topic, on the group, or on the cluster for the others.
 * - Levels of a broker's loggers are its own affair: it changes them at once, and forgets them when it ends.
 * - Of a broker only the defaults of its topics, and the key and trust stores of its listeners, may be changed this way; other settings need
 *   a restart. Stores are read by the broker that they are for, before anything is written: it alone may be asked.
 * - Not implemented: client metrics.
 */
export const incrementalAlterConfigsHandler = defineHandler(
  incrementalAlterConfigsRequest,
  incrementalAlterConfigsResponse,
  {
    needs: ['controller', 'listenerConfigFault', 'loggers', 'brokerId'],
    refuse,
    handle: async (request, context, services) => {
      const codeOf = (asked: Asked) => configRight('alterConfigs', asked, context);
      const { allowed, refused } = splitByRight(request.resources, (asked) => codeOf(asked) === errorCode.NONE);
      const answers = new Map(allowed.map((asked) => [asked, answerHere(asked, request.validateOnly, services)]));
      const resources = allowed.filter((asked) => answers.get(asked) === undefined);
      const ownRows = [
        ...refused.map((asked) => refusedRow(asked, codeOf(asked))),
        ...allowed.flatMap((asked) => answers.get(asked) ?? []),
      ];
      if (resources.length === 0) return { responses: ownRows };
      const asked = { ...request, resources };
      try {
        const response = await services.controller.submit(apis.incrementalAlterConfigs, asked, { client: context });
        return { ...response, responses: [...response.responses, ...ownRows] };
      } catch (error) {
        return { responses: [...refuse(asked, codeOfFailure(error)).responses, ...ownRows] };
      }
    },
  },
);

/** What this broker answers itself: about its loggers, and what its own files are worth. Undefined where the controller decides. */
function answerHere(
  asked: Asked,
  validateOnly: boolean,
  { brokerId, loggers, listenerConfigFault }: Pick<BrokerServices, 'brokerId' | 'loggers' | 'listenerConfigFault'>,
) {
  const { resourceType, resourceName } = asked;
  const row = (code: ErrorCode, errorMessage: string | null) => ({
    errorCode: code,
    errorMessage,
    resourceType,
    resourceName,
  });
  if (resourceType === configResourceKinds.brokerLogger) {
    const refusal = alterLoggers(asked, brokerId, loggers, validateOnly);
    return row(refusal?.code ?? errorCode.NONE, refusal?.message ?? null);
  }
  const fault = resourceType === configResourceKinds.broker ? listenerConfigFault(asked) : undefined;
  return fault === undefined ? undefined : row(errorCode.INVALID_REQUEST, fault);
}

function refuse({ resources }: IncrementalAlterConfigsRequest, code: ErrorCode) {
  return { responses: resources.map((asked) => refusedRow(asked, code)) };
}

function refusedRow({ resourceType, resourceName }: Asked, code: ErrorCode) {
  return { errorCode: code, errorMessage: refusalMessage(code), resourceType, resourceName };
}
