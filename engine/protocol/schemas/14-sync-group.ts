import type { MessageOf } from '../schema.ts';
import { array, bytes, int16, int32, message, string } from '../schema.ts';

/**
 * Classic group protocol, second half of a rebalance: the leader hands in the assignments, each member gets its own.
 * 3: static members (KIP-345). 4: flexible. 5: protocol type and name.
 */
export const syncGroupRequest = message(
  { name: 'SyncGroupRequest', key: 14, versions: '0-5', flexible: '4+' },
  {
    groupId: string('0+'),
    generationId: int32('0+'),
    memberId: string('0+'),
    groupInstanceId: string('3+', { nullable: '3+', default: null }),
    protocolType: string('5+', { nullable: '5+', default: null }),
    protocolName: string('5+', { nullable: '5+', default: null }),
    assignments: array('0+', {
      memberId: string('0+'),
      assignment: bytes('0+'),
    }),
  },
);
export type SyncGroupRequest = MessageOf<typeof syncGroupRequest>;

export const syncGroupResponse = message(
  { name: 'SyncGroupResponse', key: 14, versions: '0-5', flexible: '4+' },
  {
    throttleTimeMs: int32('1+', { default: 0 }),
    errorCode: int16('0+'),
    protocolType: string('5+', { nullable: '5+', default: null }),
    protocolName: string('5+', { nullable: '5+', default: null }),
    assignment: bytes('0+'),
  },
);
export type SyncGroupResponse = MessageOf<typeof syncGroupResponse>;
