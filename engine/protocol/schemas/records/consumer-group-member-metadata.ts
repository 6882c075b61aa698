import type { MessageOf } from '../../schema.ts';
import { array, bytes, int32, message, string, struct } from '../../schema.ts';

/** What a member of a group of the consumer protocol has said of itself. */
export const consumerGroupMemberMetadataKey = message(
  { name: 'ConsumerGroupMemberMetadataKey', key: 5, versions: '0', flexible: 'none' },
  { groupId: string('0'), memberId: string('0') },
);
export type ConsumerGroupMemberMetadataKey = MessageOf<typeof consumerGroupMemberMetadataKey>;

const classicMemberMetadata = {
  sessionTimeoutMs: int32('0+'),
  supportedProtocols: array('0+', { name: string('0+'), metadata: bytes('0+') }),
} as const;

export const consumerGroupMemberMetadataValue = message(
  { name: 'ConsumerGroupMemberMetadataValue', key: 5, versions: '0', flexible: '0+' },
  {
    instanceId: string('0+', { nullable: '0+' }),
    rackId: string('0+', { nullable: '0+' }),
    clientId: string('0+'),
    clientHost: string('0+'),
    subscribedTopicNames: array('0+', 'string'),
    subscribedTopicRegex: string('0+', { nullable: '0+' }),
    rebalanceTimeoutMs: int32('0+', { default: -1 }),
    serverAssignor: string('0+', { nullable: '0+' }),
    classicMemberMetadata: struct('0+', classicMemberMetadata, { nullable: '0+', tag: 0 }),
  },
);
export type ConsumerGroupMemberMetadataValue = MessageOf<typeof consumerGroupMemberMetadataValue>;
