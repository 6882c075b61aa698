import { advertisedApis } from '../../../protocol/api-keys.ts';
import type { ErrorCode } from '../../../protocol/error-codes.ts';
import { errorCode } from '../../../protocol/error-codes.ts';
import type { ApiVersionsRequest } from '../../../protocol/schemas/18-api-versions.ts';
import { apiVersionsRequest, apiVersionsResponse } from '../../../protocol/schemas/18-api-versions.ts';
import { metadataVersion } from '../../controller/metadata-version.ts';
import { defineHandler } from '../handler.ts';
import type { BrokerServices } from '../services.ts';

/*
 * ApiVersions 0-5.
 * - The list is Apache Kafka 4.4.0's ranges of the keys that are served to clients.
 * - Version 3 and above: a client software name or version of the wrong form is answered with INVALID_REQUEST (KIP-511).
 * - 5: a client may say which cluster and which broker it expects to reach; another one answers REBOOTSTRAP_REQUIRED, and
 *   INVALID_REQUEST when it names but one of the two (KIP-1242).
 * - A version above 5 is answered by dispatch in v0 form with UNSUPPORTED_VERSION.
 * - Features: metadata.version and kraft.version as a KRaft cluster of 4.4 has them. group.version 0 (no KIP-848 groups yet);
 *   no transaction.version, as there are no transactions: from 2 on clients would use the newer transaction protocol.
 * - Version 3 clients cannot read a feature whose range starts at 0 (KIP-584 before v4): such features are left out for them.
 */

const supportedFeatures = [
  { name: metadataVersion.name, minVersion: metadataVersion.levelMin, maxVersion: metadataVersion.levelMax },
  { name: 'kraft.version', minVersion: 0, maxVersion: 0 },
  { name: 'group.version', minVersion: 0, maxVersion: 0 },
];
const finalizedFeatures = [
  { name: metadataVersion.name, minVersionLevel: metadataVersion.levelMax, maxVersionLevel: metadataVersion.levelMax },
];
/** Finalized features have not changed since the cluster was made. */
const finalizedFeaturesEpoch = 0;

const softwareNamePattern = /^[a-zA-Z0-9](?:[a-zA-Z0-9\-.]*[a-zA-Z0-9])?$/;
/** Node id of a client that expects no certain broker. */
const anyNode = -1;

export const apiVersionsHandler = defineHandler(apiVersionsRequest, apiVersionsResponse, {
  needs: ['brokerId', 'clusterId', 'serves'],
  handle: (request, { apiVersion }, services) => {
    const refusal = refusalOf(request, apiVersion, services);
    if (refusal !== errorCode.NONE) return { errorCode: refusal, apiKeys: [] };
    return {
      errorCode: errorCode.NONE,
      apiKeys: advertisedApis().filter(({ apiKey }) => services.serves(apiKey)),
      supportedFeatures: supportedFeatures.filter(({ minVersion }) => apiVersion >= 4 || minVersion > 0),
      finalizedFeaturesEpoch,
      finalizedFeatures,
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
