import { errorCode } from '../../../protocol/error-codes.ts';
import {
  listConfigResourcesRequest,
  listConfigResourcesResponse,
} from '../../../protocol/schemas/74-list-config-resources.ts';
import type { MetadataImage } from '../../controller/metadata-image.ts';
import { clusterName } from '../../security/resource.ts';
import { configResourceKinds } from '../authorization/config-right.ts';
import { defineHandler } from '../handler.ts';

/*
 * ListConfigResources 0-1 (KIP-1142): DESCRIBE_CONFIGS on the cluster.
 * - Every topic, every broker and its loggers, and groups that have configs; without kinds, all of them. An unknown kind is UNSUPPORTED_VERSION.
 * - 0 asks for client metrics, of which there are none here.
 */

const kinds: ReadonlySet<number> = new Set(Object.values(configResourceKinds));
const versionWithKinds = 1;

export const listConfigResourcesHandler = defineHandler(listConfigResourcesRequest, listConfigResourcesResponse, {
  needs: ['metadata'],
  handle: ({ resourceTypes }, context, { metadata }) => {
    if (!context.authorize('describeConfigs', 'cluster', clusterName))
      return { errorCode: errorCode.CLUSTER_AUTHORIZATION_FAILED, configResources: [] };
    if (context.apiVersion < versionWithKinds) return { errorCode: errorCode.NONE, configResources: [] };
    if (resourceTypes.some((kind) => !kinds.has(kind)))
      return { errorCode: errorCode.UNSUPPORTED_VERSION, configResources: [] };
    const asked = resourceTypes.length ? new Set(resourceTypes) : kinds;
    const configResources = [...asked].flatMap((resourceType) =>
      namesOf(resourceType, metadata()).map((resourceName) => ({ resourceType, resourceName })),
    );
    return { errorCode: errorCode.NONE, configResources };
  },
});

function namesOf(kind: number, image: MetadataImage): string[] {
  if (kind === configResourceKinds.topic) return [...image.topics.keys()];
  if (kind === configResourceKinds.broker || kind === configResourceKinds.brokerLogger)
    return [...image.brokers.keys()].map(String);
  if (kind === configResourceKinds.group) return [...image.subjects.configs.group.keys()];
  return kind === configResourceKinds.group ? [...image.subjects.configs.group.keys()] : [];
}
