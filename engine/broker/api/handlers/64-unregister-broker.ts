import { apis } from '../../../protocol/api-keys.ts';
import type { ErrorCode } from '../../../protocol/error-codes.ts';
import { unregisterBrokerRequest, unregisterBrokerResponse } from '../../../protocol/schemas/64-unregister-broker.ts';
import { refusalMessage } from '../authorization/refusal-message.ts';
import { clusterRight } from '../authorization/rights.ts';
import { codeOfFailure } from '../controller/controller-command.ts';
import { defineHandler } from '../handler.ts';

/*
 * UnregisterBroker 0: any broker; the active controller decides (KIP-500).
 * - ALTER on the cluster. The broker leaves the in-sync and eligible sets and the registrations; replicas named after it stay
 *   until they are reassigned.
 */
export const unregisterBrokerHandler = defineHandler(unregisterBrokerRequest, unregisterBrokerResponse, {
  needs: ['controller'],
  right: clusterRight('alter'),
  refuse: (_request, code) => refuse(code),
  handle: async (request, _context, { controller }) => {
    try {
      return await controller.submit(apis.unregisterBroker, request);
    } catch (error) {
      return refuse(codeOfFailure(error));
    }
  },
});

function refuse(code: ErrorCode) {
  return { errorCode: code, errorMessage: refusalMessage(code) };
}
