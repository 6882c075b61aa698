import { apis } from '../../../protocol/api-keys.ts';
import type { ErrorCode } from '../../../protocol/error-codes.ts';
import type { AlterClientQuotasRequest } from '../../../protocol/schemas/49-alter-client-quotas.ts';
import {
  alterClientQuotasRequest,
  alterClientQuotasResponse,
} from '../../../protocol/schemas/49-alter-client-quotas.ts';
import { refusalMessage } from '../authorization/refusal-message.ts';
import { clusterRight } from '../authorization/rights.ts';
import { codeOfFailure } from '../controller/controller-command.ts';
import { defineHandler } from '../handler.ts';

/*
 * AlterClientQuotas 0-1 (KIP-546): any broker; the active controller decides.
 * - Each entity for itself, the good ones in one batch. Quotas are in force as soon as a broker knows of them.
 * - An address is given as such: names are refused, whether they resolve or not.
 */
export const alterClientQuotasHandler = defineHandler(alterClientQuotasRequest, alterClientQuotasResponse, {
  needs: ['controller'],
  right: clusterRight('alterConfigs'),
  refuse,
  handle: async (request, client, { controller }) => {
    try {
      return await controller.submit(apis.alterClientQuotas, request, { client });
    } catch (error) {
      return refuse(request, codeOfFailure(error));
    }
  },
});

function refuse({ entries }: AlterClientQuotasRequest, errorCode: ErrorCode) {
  return { entries: entries.map(({ entity }) => ({ errorCode, errorMessage: refusalMessage(errorCode), entity })) };
}
