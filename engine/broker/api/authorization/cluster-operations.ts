import { clusterName } from '../../security/resource.ts';
import type { RequestContext } from '../handler.ts';

/** What who asks may do with the cluster, as bits; none where it may not even describe it. */
export function clusterOperations(context: RequestContext): number {
  return context.authorize('describe', 'cluster', clusterName) ? context.operationsOn('cluster', clusterName) : 0;
}
