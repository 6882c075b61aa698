import type { ErrorCode } from '../../../protocol/error-codes.ts';
import { errorCode } from '../../../protocol/error-codes.ts';
import type { Operation } from '../../security/operation.ts';
import { clusterName } from '../../security/resource.ts';
import type { RequestContext } from '../handler.ts';

/** The right of a whole request to do something with the cluster. */
export function clusterRight(operation: Operation): (request: unknown, context: RequestContext) => ErrorCode {
  return (_request, context) =>
    context.authorize(operation, 'cluster', clusterName) ? errorCode.NONE : errorCode.CLUSTER_AUTHORIZATION_FAILED;
}

/** The right of a member: a request that is about one group needs READ on it. */
export function memberRight({ groupId }: { readonly groupId: string }, context: RequestContext): ErrorCode {
  return context.authorize('read', 'group', groupId) ? errorCode.NONE : errorCode.GROUP_AUTHORIZATION_FAILED;
}

/** The right to do what brokers do among themselves for transactions; administrators have it, to end what hangs (KIP-664). */
export function brokerOrAdminRight(_request: unknown, context: RequestContext): ErrorCode {
  const isAllowed =
    context.authorize('alter', 'cluster', clusterName) || context.authorize('clusterAction', 'cluster', clusterName);
  return isAllowed ? errorCode.NONE : errorCode.CLUSTER_AUTHORIZATION_FAILED;
}
