import type { MessageOf } from '../schema.ts';
import { array, int8, int16, int32, message, string } from '../schema.ts';

/** What may have configs, by kind (KIP-1142). 0: client metrics only. */
export const listConfigResourcesRequest = message(
  { name: 'ListConfigResourcesRequest', key: 74, versions: '0-1', flexible: '0+' },
  {
    resourceTypes: array('1+', 'int8'),
  },
);
export type ListConfigResourcesRequest = MessageOf<typeof listConfigResourcesRequest>;

export const listConfigResourcesResponse = message(
  { name: 'ListConfigResourcesResponse', key: 74, versions: '0-1', flexible: '0+' },
  {
    throttleTimeMs: int32('0+', { default: 0 }),
    errorCode: int16('0+'),
    configResources: array('0+', {
      resourceName: string('0+'),
      resourceType: int8('1+', { default: 16 }),
    }),
  },
);
export type ListConfigResourcesResponse = MessageOf<typeof listConfigResourcesResponse>;
