import type { MessageOf } from '../schema.ts';
import { array, bool, bytes, int16, int32, message, string } from '../schema.ts';

/**
 * State and members of classic groups.
 * 3: authorized operations. 4: static members. 5: flexible. 6: error message, GROUP_ID_NOT_FOUND (KIP-1043).
 */
export const describeGroupsRequest = message(
  { name: 'DescribeGroupsRequest', key: 15, versions: '0-6', flexible: '5+' },
  {
    groups: array('0+', 'string'),
    includeAuthorizedOperations: bool('3+'),
  },
);
export type DescribeGroupsRequest = MessageOf<typeof describeGroupsRequest>;

export const describeGroupsResponse = message(
  { name: 'DescribeGroupsResponse', key: 15, versions: '0-6', flexible: '5+' },
  {
    throttleTimeMs: int32('1+', { default: 0 }),
    groups: array('0+', {
      errorCode: int16('0+'),
      errorMessage: string('6+', { nullable: '6+', default: null }),
      groupId: string('0+'),
      groupState: string('0+'),
      protocolType: string('0+'),
      protocolData: string('0+'),
      members: array('0+', {
        memberId: string('0+'),
        groupInstanceId: string('4+', { nullable: '4+', default: null }),
        clientId: string('0+'),
        clientHost: string('0+'),
        memberMetadata: bytes('0+'),
        memberAssignment: bytes('0+'),
      }),
      authorizedOperations: int32('3+', { default: -2147483648 }),
    }),
  },
);
export type DescribeGroupsResponse = MessageOf<typeof describeGroupsResponse>;
