import { advertisedApis } from '../../../protocol/api-keys.ts';
import type { ErrorCode } from '../../../protocol/error-codes.ts';
import { errorCode } from '../../../protocol/error-codes.ts';
import type { ApiVersionsRequest } from '../../../protocol/schemas/18-api-versions.ts';
import { apiVersionsRequest, apiVersionsResponse } from '../../../protocol/schemas/18-api-versions.ts';
import { supportedFeatures } from '../../controller/features/supported-features.ts';
import { defineHandler } from '../handler.ts';
import type { BrokerServices } from '../services.ts';

/*
 * ApiVersions 0-5.
 * - The list is Apache Kafka 4.4.0's ranges of the keys that are served to clients.
 * - Version 3 and above: a client software name or version of the wrong form is answered with INVALID_REQUEST (KIP-511).
 * - 5: a client may say which cluster and which broker it expects to reach; another one answers REBOOTSTRAP_REQUIRED, and
 *   INVALID_REQUEST when it names but one of the two (KIP-1242).
 * - A version above 5 is answered by dispatch in v0 form with UNSUPPORTED_VERSION.
 * - Features: what this build can do, and the levels of the committed metadata with its offset as their epoch (KIP-584).
 * - Version 3 clients cannot read a feature whose range starts at 0 (KIP-584 before v4): such features are left out for them.
 */

const softwareNamePattern = /^[a-zA-Z0-9](?:[a-zA-Z0-9\-.]*[a-zA-Z0-9])?$/;
/** Node id of a client that expects no certain broker. */
const anyNode = -1;

export const apiVersionsHandler = defineHandler(apiVersionsRequest, apiVersionsResponse, {
  needs: ['brokerId', 'clusterId', 'serves', 'metadata'],
  handle: (request, { apiVersion }, services) => {
    const refusal = refusalOf(request, apiVersion, services);
    if (refusal !== errorCode.NONE) return { errorCode: refusal, apiKeys: [] };
    const { offset, features } = services.metadata();
    return {
      errorCode: errorCode.NONE,
      apiKeys: advertisedApis().filter(({ apiKey }) => services.serves(apiKey)),
      supportedFeatures: supportedFeatures
        .filter(({ levelMin }) => apiVersion >= 4 || levelMin > 0)
        .map(({ name, levelMin, levelMax }) => ({ name, minVersion: levelMin, maxVersion: levelMax })),
      finalizedFeaturesEpoch: offset,
      finalizedFeatures: [...features].map(([name, level]) => ({
        name,
        minVersionLevel: level,
        maxVersionLevel: level,
      })),
    };
  },
});

function refusalOf(
  request: ApiVersionsRequest,
  apiVersion: number,
  broker: Pick<BrokerServices, 'brokerId' | 'clusterId'>,
): ErrorCode {
  const { clientSoftwareName, clientSoftwareVersion, clusterId, nodeId } = request;
  const named = [clientSoftwareName, clientSoftwareVersion].every((text) => softwareNamePattern.test(text));
  if (apiVersion >= 3 && !named) return errorCode.INVALID_REQUEST;
  if (clusterId === null && nodeId === anyNode) return errorCode.NONE;
  if (clusterId === null || nodeId === anyNode) return errorCode.INVALID_REQUEST;
  const isHere = clusterId === broker.clusterId && nodeId === broker.brokerId;
  return isHere ? errorCode.NONE : errorCode.REBOOTSTRAP_REQUIRED;
}
