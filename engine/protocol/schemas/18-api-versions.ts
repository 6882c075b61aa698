import type { MessageOf } from '../schema.ts';
import { array, bool, int16, int32, int64, message, string } from '../schema.ts';

/**
 * Which APIs and versions the broker serves. The response header stays v0 in every version, and a request version that
 * the broker does not know is answered in v0 form with error 35 (KIP-511).
 * 3: flexible, client software name, features. 4: feature ranges that start at 0. 5: the cluster and the node that the
 * client expects to reach, both or neither (KIP-1242).
 */
export const apiVersionsRequest = message(
  { name: 'ApiVersionsRequest', key: 18, versions: '0-5', flexible: '3+' },
  {
    clientSoftwareName: string('3+'),
    clientSoftwareVersion: string('3+'),
    clusterId: string('5+', { nullable: '5+', default: null }),
    nodeId: int32('5+', { default: -1 }),
  },
);
export type ApiVersionsRequest = MessageOf<typeof apiVersionsRequest>;

export const apiVersionsResponse = message(
  { name: 'ApiVersionsResponse', key: 18, versions: '0-5', flexible: '3+' },
  {
    errorCode: int16('0+'),
    apiKeys: array('0+', {
      apiKey: int16('0+'),
      minVersion: int16('0+'),
      maxVersion: int16('0+'),
    }),
    throttleTimeMs: int32('1+', { default: 0 }),
    supportedFeatures: array(
      '3+',
      {
        name: string('3+'),
        minVersion: int16('3+'),
        maxVersion: int16('3+'),
      },
      { tag: 0 },
    ),
    finalizedFeaturesEpoch: int64('3+', { default: -1, tag: 1 }),
    finalizedFeatures: array(
      '3+',
      {
        name: string('3+'),
        maxVersionLevel: int16('3+'),
        minVersionLevel: int16('3+'),
      },
      { tag: 2 },
    ),
    zkMigrationReady: bool('3+', { default: false, tag: 3 }),
  },
);
export type ApiVersionsResponse = MessageOf<typeof apiVersionsResponse>;
