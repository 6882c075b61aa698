import type { MessageOf } from '../schema.ts';
import { int16, int32, message, string } from '../schema.ts';

/** Classic group protocol, sign of life of a member. 3: static members (KIP-345). 4: flexible. */
export const heartbeatRequest = message(
  { name: 'HeartbeatRequest', key: 12, versions: '0-4', flexible: '4+' },
  {
    groupId: string('0+'),
    generationId: int32('0+'),
    memberId: string('0+'),
    groupInstanceId: string('3+', { nullable: '3+', default: null }),
  },
);
export type HeartbeatRequest = MessageOf<typeof heartbeatRequest>;

export const heartbeatResponse = message(
  { name: 'HeartbeatResponse', key: 12, versions: '0-4', flexible: '4+' },
  {
    throttleTimeMs: int32('1+', { default: 0 }),
    errorCode: int16('0+'),
  },
);
export type HeartbeatResponse = MessageOf<typeof heartbeatResponse>;
