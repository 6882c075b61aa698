import type { MessageOf } from '../schema.ts';
import { array, int8, int16, int32, message, string } from '../schema.ts';

/** Removes the rules that filters mean (KIP-140). 1: pattern types (KIP-290). 2: flexible. 3: users as resources (KIP-373). */
export const deleteAclsRequest = message(
  { name: 'DeleteAclsRequest', key: 31, versions: '1-3', flexible: '2+' },
  {
    filters: array('0+', {
      resourceTypeFilter: int8('0+'),
      resourceNameFilter: string('0+', { nullable: '0+' }),
      patternTypeFilter: int8('1+', { default: 3 }),
      principalFilter: string('0+', { nullable: '0+' }),
      hostFilter: string('0+', { nullable: '0+' }),
      operation: int8('0+'),
      permissionType: int8('0+'),
    }),
  },
);
export type DeleteAclsRequest = MessageOf<typeof deleteAclsRequest>;

export const deleteAclsResponse = message(
  { name: 'DeleteAclsResponse', key: 31, versions: '1-3', flexible: '2+' },
  {
    throttleTimeMs: int32('0+', { default: 0 }),
    filterResults: array('0+', {
      errorCode: int16('0+'),
      errorMessage: string('0+', { nullable: '0+' }),
      matchingAcls: array('0+', {
        errorCode: int16('0+'),
        errorMessage: string('0+', { nullable: '0+' }),
        resourceType: int8('0+'),
        resourceName: string('0+'),
        patternType: int8('1+', { default: 3 }),
        principal: string('0+'),
        host: string('0+'),
        operation: int8('0+'),
        permissionType: int8('0+'),
      }),
    }),
  },
);
export type DeleteAclsResponse = MessageOf<typeof deleteAclsResponse>;
