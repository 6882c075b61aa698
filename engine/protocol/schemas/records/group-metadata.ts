import type { MessageOf } from '../../schema.ts';
import { array, bytes, int32, int64, message, string } from '../../schema.ts';

/**
 * A classic group in __consumer_offsets. The record's key starts with int16 key type 2, the value with its version.
 */
export const groupMetadataKey = message(
  { name: 'GroupMetadataKey', key: 2, versions: '0', flexible: 'none' },
  {
    group: string('0+'),
  },
);
export type GroupMetadataKey = MessageOf<typeof groupMetadataKey>;

const memberMetadata = {
  memberId: string('0+'),
  groupInstanceId: string('3+', { nullable: '3+', default: null }),
  clientId: string('0+'),
  clientHost: string('0+'),
  rebalanceTimeout: int32('1+', { default: -1 }),
  sessionTimeout: int32('0+'),
  subscription: bytes('0+'),
  assignment: bytes('0+'),
};

export const groupMetadataValue = message(
  { name: 'GroupMetadataValue', key: 2, versions: '0-4', flexible: '4+' },
  {
    protocolType: string('0+'),
    generation: int32('0+'),
    protocol: string('0+', { nullable: '0+' }),
    leader: string('0+', { nullable: '0+' }),
    currentStateTimestamp: int64('2+', { default: -1 }),
    members: array('0+', memberMetadata),
  },
);
export type GroupMetadataValue = MessageOf<typeof groupMetadataValue>;
