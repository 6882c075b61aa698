import type { MessageOf } from '../schema.ts';
import { array, int16, int32, message, string } from '../schema.ts';

/**
 * Members leave a classic group.
 * 3: several members, static ones too (KIP-345). 4: flexible. 5: reason (KIP-800).
 */
export const leaveGroupRequest = message(
  { name: 'LeaveGroupRequest', key: 13, versions: '0-5', flexible: '4+' },
  {
    groupId: string('0+'),
    memberId: string('0-2'),
    members: array('3+', {
      memberId: string('3+'),
      groupInstanceId: string('3+', { nullable: '3+', default: null }),
      reason: string('5+', { nullable: '5+', default: null }),
    }),
  },
);
export type LeaveGroupRequest = MessageOf<typeof leaveGroupRequest>;

export const leaveGroupResponse = message(
  { name: 'LeaveGroupResponse', key: 13, versions: '0-5', flexible: '4+' },
  {
    throttleTimeMs: int32('1+', { default: 0 }),
    errorCode: int16('0+'),
    members: array('3+', {
      memberId: string('3+'),
      groupInstanceId: string('3+', { nullable: '3+' }),
      errorCode: int16('3+'),
    }),
  },
);
export type LeaveGroupResponse = MessageOf<typeof leaveGroupResponse>;
