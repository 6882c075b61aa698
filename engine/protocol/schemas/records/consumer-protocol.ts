import type { MessageOf } from '../../schema.ts';
import { array, bytes, int32, message, string } from '../../schema.ts';

/**
 * What consumers put in JoinGroup metadata and SyncGroup assignments, each after an int16 version. Opaque to the broker.
 * Subscription 1: owned partitions (KIP-429). 2: generation (KIP-792). 3: rack (KIP-881).
 */
export const consumerProtocolSubscription = message(
  { name: 'ConsumerProtocolSubscription', versions: '0-3', flexible: 'none' },
  {
    topics: array('0+', 'string'),
    userData: bytes('0+', { nullable: '0+', default: null }),
    ownedPartitions: array('1+', {
      topic: string('1+'),
      partitions: array('1+', 'int32'),
    }),
    generationId: int32('2+', { default: -1 }),
    rackId: string('3+', { nullable: '3+', default: null }),
  },
);
export type ConsumerProtocolSubscription = MessageOf<typeof consumerProtocolSubscription>;

export const consumerProtocolAssignment = message(
  { name: 'ConsumerProtocolAssignment', versions: '0-3', flexible: 'none' },
  {
    assignedPartitions: array('0+', {
      topic: string('0+'),
      partitions: array('0+', 'int32'),
    }),
    userData: bytes('0+', { nullable: '0+', default: null }),
  },
);
export type ConsumerProtocolAssignment = MessageOf<typeof consumerProtocolAssignment>;
