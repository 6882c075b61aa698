import { apis } from '../../../protocol/api-keys.ts';
import type { ErrorCode } from '../../../protocol/error-codes.ts';
import { errorCode } from '../../../protocol/error-codes.ts';
import type { CreateAclsRequest } from '../../../protocol/schemas/30-create-acls.ts';
import { createAclsRequest, createAclsResponse } from '../../../protocol/schemas/30-create-acls.ts';
import { anyCode, permissionTypes } from '../../security/acl.ts';
import { allOperations, operationCodes } from '../../security/operation.ts';
import { clusterRight } from '../authorization/rights.ts';
import { securityDisabled } from '../authorization/security-disabled.ts';
import { codeOfFailure } from '../controller/controller-command.ts';
import { defineHandler } from '../handler.ts';

/*
 * CreateAcls 1-3: any broker; the active controller decides (KIP-140).
 * - ALTER on the cluster. Each rule for itself; one that exists is fine. A broker without an authorizer: SECURITY_DISABLED.
 * - Operations and permissions that do not exist close the connection, as in Kafka.
 */
export const createAclsHandler = defineHandler(createAclsRequest, createAclsResponse, {
  needs: ['controller', 'settings'],
  right: clusterRight('alter'),
  refuse: (request, code) => refuse(request, code, null),
  handle: async (request, { connection }, { controller, settings }) => {
    if (!request.creations.every(isReadable)) {
      connection.close('a rule with an operation or a permission that does not exist');
      return undefined;
    }
    if (settings.authorizerClassName === '') return refuse(request, errorCode.SECURITY_DISABLED, securityDisabled);
    try {
      return await controller.submit(apis.createAcls, request);
    } catch (error) {
      return refuse(request, codeOfFailure(error), null);
    }
  },
});

const operationsInRules = new Set<number>([anyCode, allOperations, ...Object.values(operationCodes)]);
const permissionsInRules = new Set<number>(Object.values(permissionTypes));

function isReadable({ operation, permissionType }: CreateAclsRequest['creations'][number]): boolean {
  return operationsInRules.has(operation) && permissionsInRules.has(permissionType);
}

function refuse({ creations }: CreateAclsRequest, code: ErrorCode, errorMessage: string | null) {
  return { results: creations.map(() => ({ errorCode: code, errorMessage })) };
}
