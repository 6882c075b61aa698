import type { ErrorCode } from '../../../protocol/error-codes.ts';
import { errorCode } from '../../../protocol/error-codes.ts';
import { clusterName } from '../../security/resource.ts';
import type { RequestContext } from '../handler.ts';

/** Kinds of resources that have configs, by Kafka's numbers. */
export const configResourceKinds = { topic: 2, broker: 4, brokerLogger: 8, clientMetrics: 16, group: 32 } as const;

/** A resource with configs, as requests name it. */
export interface ConfigResourceName {
  readonly resourceType: number;
  readonly resourceName: string;
}

/** The code for who may not read or change the configs of a resource, NONE for others. Brokers and client metrics are the cluster's matter. */
export function configRight(
  operation: 'describeConfigs' | 'alterConfigs',
  { resourceType, resourceName }: ConfigResourceName,
  context: RequestContext,
): ErrorCode {
  if (resourceType === configResourceKinds.topic)
    return context.authorize(operation, 'topic', resourceName) ? errorCode.NONE : errorCode.TOPIC_AUTHORIZATION_FAILED;
  if (resourceType === configResourceKinds.group)
    return context.authorize(operation, 'group', resourceName) ? errorCode.NONE : errorCode.GROUP_AUTHORIZATION_FAILED;
  const isAllowed = context.authorize(operation, 'cluster', clusterName);
  return isAllowed ? errorCode.NONE : errorCode.CLUSTER_AUTHORIZATION_FAILED;
}
