import type { MessageOf } from '../schema.ts';
import { array, int8, int16, int32, message, string } from '../schema.ts';

/** Adds rules (KIP-140). 1: pattern types (KIP-290). 2: flexible. 3: users as resources (KIP-373). */
export const createAclsRequest = message(
  { name: 'CreateAclsRequest', key: 30, versions: '1-3', flexible: '2+' },
  {
    creations: array('0+', {
      resourceType: int8('0+'),
      resourceName: string('0+'),
      resourcePatternType: int8('1+', { default: 3 }),
      principal: string('0+'),
      host: string('0+'),
      operation: int8('0+'),
      permissionType: int8('0+'),
    }),
  },
);
export type CreateAclsRequest = MessageOf<typeof createAclsRequest>;

export const createAclsResponse = message(
  { name: 'CreateAclsResponse', key: 30, versions: '1-3', flexible: '2+' },
  {
    throttleTimeMs: int32('0+', { default: 0 }),
    results: array('0+', { errorCode: int16('0+'), errorMessage: string('0+', { nullable: '0+' }) }),
  },
);
export type CreateAclsResponse = MessageOf<typeof createAclsResponse>;
