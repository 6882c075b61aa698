import { advertisedApis } from '../../protocol/api-keys.ts';
import { errorCode } from '../../protocol/error-codes.ts';
import { apiVersionsRequest, apiVersionsResponse } from '../../protocol/schemas/18-api-versions.ts';
import { defineHandler } from './handler.ts';

/*
 * ApiVersions 0-4.
 * - The list is Apache Kafka 4.3.1's ranges of the keys that are served to clients.
 * - Version 3 and above: a client software name or version of the wrong form is answered with INVALID_REQUEST (KIP-511).
 * - A version above 4 is answered by dispatch in v0 form with UNSUPPORTED_VERSION.
 * - Features: metadata.version and kraft.version as a KRaft cluster of 4.3 has them. group.version 0 (no KIP-848 groups yet);
 *   no transaction.version, as there are no transactions: from 2 on clients would use the newer transaction protocol.
 * - Version 3 clients cannot read a feature whose range starts at 0 (KIP-584 before v4): such features are left out for them.
 */

/** Level of 4.3-IV0 in Kafka's MetadataVersion. */
const metadataVersionLevel = 30;
/** Level of 3.3-IV3, the oldest that a 4.x broker supports. */
const metadataVersionLevelMin = 7;

const supportedFeatures = [
  { name: 'metadata.version', minVersion: metadataVersionLevelMin, maxVersion: metadataVersionLevel },
  { name: 'kraft.version', minVersion: 0, maxVersion: 0 },
  { name: 'group.version', minVersion: 0, maxVersion: 0 },
];
const finalizedFeatures = [
  { name: 'metadata.version', minVersionLevel: metadataVersionLevel, maxVersionLevel: metadataVersionLevel },
];
/** Finalized features have not changed since the cluster was made. */
const finalizedFeaturesEpoch = 0;

const softwareNamePattern = /^[a-zA-Z0-9](?:[a-zA-Z0-9\-.]*[a-zA-Z0-9])?$/;

export const apiVersionsHandler = defineHandler(apiVersionsRequest, apiVersionsResponse, (request, context) => {
  const { clientSoftwareName, clientSoftwareVersion } = request;
  const named = [clientSoftwareName, clientSoftwareVersion].every((text) => softwareNamePattern.test(text));
  if (context.apiVersion >= 3 && !named) return { errorCode: errorCode.INVALID_REQUEST, apiKeys: [] };
  return {
    errorCode: errorCode.NONE,
    apiKeys: advertisedApis().filter(({ apiKey }) => context.broker.serves(apiKey)),
    supportedFeatures: supportedFeatures.filter(({ minVersion }) => context.apiVersion >= 4 || minVersion > 0),
    finalizedFeaturesEpoch,
    finalizedFeatures,
  };
});
