import type { MessageOf } from '../../schema.ts';
import { int32, int64Wide, message, string } from '../../schema.ts';

/** The epoch of a group of the consumer protocol (KIP-848) in __consumer_offsets. */
export const consumerGroupMetadataKey = message(
  { name: 'ConsumerGroupMetadataKey', key: 3, versions: '0', flexible: 'none' },
  { groupId: string('0') },
);
export type ConsumerGroupMetadataKey = MessageOf<typeof consumerGroupMetadataKey>;

export const consumerGroupMetadataValue = message(
  { name: 'ConsumerGroupMetadataValue', key: 3, versions: '0', flexible: '0+' },
  { epoch: int32('0+'), metadataHash: int64Wide('0+', { tag: 0, default: 0 }) },
);
export type ConsumerGroupMetadataValue = MessageOf<typeof consumerGroupMetadataValue>;
