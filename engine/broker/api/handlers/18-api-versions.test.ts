import { expect, it } from 'vitest';
import { errorCode } from '../../../protocol/error-codes.ts';
import type { ApiVersionsRequest, ApiVersionsResponse } from '../../../protocol/schemas/18-api-versions.ts';
import { ImageDelta } from '../../controller/image-delta.ts';
import { MetadataImage } from '../../controller/metadata-image.ts';
import { newFeatureLevel } from '../../controller/new-record.ts';
import { fakeServices, testClusterId } from '../testing/fake-services.ts';
import { requestContext } from '../testing/request-context.ts';
import { apiVersionsHandler } from './18-api-versions.ts';

/** A committed image at offset 7 in which two features have levels. */
function image(): MetadataImage {
  const delta = new ImageDelta(MetadataImage.empty(testClusterId));
  delta.apply(newFeatureLevel('metadata.version', 33));
  delta.apply(newFeatureLevel('transaction.version', 2));
  return delta.build(7, 1);
}

function ask(asked: Partial<ApiVersionsRequest>, apiVersion = 5): ApiVersionsResponse {
  const request = { clientSoftwareName: 'test', clientSoftwareVersion: '1', clusterId: null, nodeId: -1, ...asked };
  return apiVersionsHandler.handle(
    request,
    requestContext(18, apiVersion),
    fakeServices({ metadata: image }),
  ) as ApiVersionsResponse;
}

it.each([
  ['nothing', {}, errorCode.NONE],
  ['this broker of this cluster', { clusterId: testClusterId, nodeId: 1 }, errorCode.NONE],
  ['another broker', { clusterId: testClusterId, nodeId: 2 }, errorCode.REBOOTSTRAP_REQUIRED],
  ['another cluster', { clusterId: 'elsewhere', nodeId: 1 }, errorCode.REBOOTSTRAP_REQUIRED],
  ['a cluster without a broker', { clusterId: testClusterId }, errorCode.INVALID_REQUEST],
  ['a broker without a cluster', { nodeId: 1 }, errorCode.INVALID_REQUEST],
])('tells a client that expects %s whether it is here (KIP-1242)', (_, asked, code) => {
  const { errorCode: answered, apiKeys } = ask(asked);
  expect([answered, apiKeys.length > 0]).toEqual([code, code === errorCode.NONE]);
});

it('refuses software names that are none', () => {
  expect(ask({ clientSoftwareName: '-x' }).errorCode).toBe(errorCode.INVALID_REQUEST);
  expect(ask({ clientSoftwareName: '' }, 2).errorCode).toBe(errorCode.NONE);
});

it('tells the finalized levels of features with the offset of the metadata that has them', () => {
  const { finalizedFeatures, finalizedFeaturesEpoch, supportedFeatures } = ask({});
  expect(finalizedFeaturesEpoch).toBe(7);
  expect(finalizedFeatures).toEqual([
    { name: 'metadata.version', minVersionLevel: 33, maxVersionLevel: 33 },
    { name: 'transaction.version', minVersionLevel: 2, maxVersionLevel: 2 },
  ]);
  expect(supportedFeatures).toContainEqual({ name: 'metadata.version', minVersion: 7, maxVersion: 33 });
});

it('leaves out for older clients what they cannot read: features with levels from 0', () => {
  expect(ask({}, 3).supportedFeatures.map(({ minVersion }) => minVersion)).not.toContain(0);
});
