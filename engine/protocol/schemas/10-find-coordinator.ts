import type { MessageOf } from '../schema.ts';
import { array, int8, int16, int32, message, string } from '../schema.ts';

/**
 * Broker that coordinates a group (key type 0), a transactional id (1) or a share partition (2).
 * 1: key type. 3: flexible. 4: several keys at once (KIP-699). 5: transaction errors (KIP-890). 6: share groups (KIP-932).
 */
export const findCoordinatorRequest = message(
  { name: 'FindCoordinatorRequest', key: 10, versions: '0-6', flexible: '3+' },
  {
    key: string('0-3'),
    keyType: int8('1+', { default: 0 }),
    coordinatorKeys: array('4+', 'string'),
  },
);
export type FindCoordinatorRequest = MessageOf<typeof findCoordinatorRequest>;

export const findCoordinatorResponse = message(
  { name: 'FindCoordinatorResponse', key: 10, versions: '0-6', flexible: '3+' },
  {
    throttleTimeMs: int32('1+', { default: 0 }),
    errorCode: int16('0-3'),
    errorMessage: string('1-3', { nullable: '1-3' }),
    nodeId: int32('0-3'),
    host: string('0-3'),
    port: int32('0-3'),
    coordinators: array('4+', {
      key: string('4+'),
      nodeId: int32('4+'),
      host: string('4+'),
      port: int32('4+'),
      errorCode: int16('4+'),
      errorMessage: string('4+', { nullable: '4+' }),
    }),
  },
);
export type FindCoordinatorResponse = MessageOf<typeof findCoordinatorResponse>;
