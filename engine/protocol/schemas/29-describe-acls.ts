import type { MessageOf } from '../schema.ts';
import { array, int8, int16, int32, message, string } from '../schema.ts';

/** The rules that a filter means (KIP-140). 1: pattern types (KIP-290). 2: flexible. 3: users as resources (KIP-373). */
export const describeAclsRequest = message(
  { name: 'DescribeAclsRequest', key: 29, versions: '1-3', flexible: '2+' },
  {
    resourceTypeFilter: int8('0+'),
    resourceNameFilter: string('0+', { nullable: '0+' }),
    patternTypeFilter: int8('1+', { default: 3 }),
    principalFilter: string('0+', { nullable: '0+' }),
    hostFilter: string('0+', { nullable: '0+' }),
    operation: int8('0+'),
    permissionType: int8('0+'),
  },
);
export type DescribeAclsRequest = MessageOf<typeof describeAclsRequest>;

export const describeAclsResponse = message(
  { name: 'DescribeAclsResponse', key: 29, versions: '1-3', flexible: '2+' },
  {
    throttleTimeMs: int32('0+', { default: 0 }),
    errorCode: int16('0+'),
    errorMessage: string('0+', { nullable: '0+' }),
    resources: array('0+', {
      resourceType: int8('0+'),
      resourceName: string('0+'),
      patternType: int8('1+', { default: 3 }),
      acls: array('0+', {
        principal: string('0+'),
        host: string('0+'),
        operation: int8('0+'),
        permissionType: int8('0+'),
      }),
    }),
  },
);
export type DescribeAclsResponse = MessageOf<typeof describeAclsResponse>;
