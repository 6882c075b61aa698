import { apis } from '../../../protocol/api-keys.ts';
import type { ErrorCode } from '../../../protocol/error-codes.ts';
import { errorCode } from '../../../protocol/error-codes.ts';
import type { DeleteAclsRequest } from '../../../protocol/schemas/31-delete-acls.ts';
import { deleteAclsRequest, deleteAclsResponse } from '../../../protocol/schemas/31-delete-acls.ts';
import { clusterRight } from '../authorization/rights.ts';
import { securityDisabled } from '../authorization/security-disabled.ts';
import { codeOfFailure } from '../controller/controller-command.ts';
import { defineHandler } from '../handler.ts';

/*
 * DeleteAcls 1-3: any broker; the active controller decides (KIP-140).
 * - ALTER on the cluster. A row for each filter, with the rules that went. A broker without an authorizer: SECURITY_DISABLED.
 */
export const deleteAclsHandler = defineHandler(deleteAclsRequest, deleteAclsResponse, {
  needs: ['controller', 'settings'],
  right: clusterRight('alter'),
  refuse: (request, code) => refuse(request, code, null),
  handle: async (request, _context, { controller, settings }) => {
    if (settings.authorizerClassName === '') return refuse(request, errorCode.SECURITY_DISABLED, securityDisabled);
    try {
      return await controller.submit(apis.deleteAcls, request);
    } catch (error) {
      return refuse(request, codeOfFailure(error), null);
    }
  },
});

function refuse({ filters }: DeleteAclsRequest, code: ErrorCode, errorMessage: string | null) {
  return { filterResults: filters.map(() => ({ errorCode: code, errorMessage, matchingAcls: [] })) };
}
