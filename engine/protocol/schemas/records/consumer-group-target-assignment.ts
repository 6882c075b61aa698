import type { MessageOf } from '../../schema.ts';
import { array, int32, int64, message, string, uuid } from '../../schema.ts';

/** The group epoch for which a group of the consumer protocol was assigned last. */
export const consumerGroupTargetAssignmentMetadataKey = message(
  { name: 'ConsumerGroupTargetAssignmentMetadataKey', key: 6, versions: '0', flexible: 'none' },
  { groupId: string('0') },
);
export type ConsumerGroupTargetAssignmentMetadataKey = MessageOf<typeof consumerGroupTargetAssignmentMetadataKey>;

export const consumerGroupTargetAssignmentMetadataValue = message(
  { name: 'ConsumerGroupTargetAssignmentMetadataValue', key: 6, versions: '0', flexible: '0+' },
  { assignmentEpoch: int32('0+'), assignmentTimestamp: int64('0+', { tag: 0, default: 0 }) },
);
export type ConsumerGroupTargetAssignmentMetadataValue = MessageOf<typeof consumerGroupTargetAssignmentMetadataValue>;

/** What one member is to have. */
export const consumerGroupTargetAssignmentMemberKey = message(
  { name: 'ConsumerGroupTargetAssignmentMemberKey', key: 7, versions: '0', flexible: 'none' },
  { groupId: string('0'), memberId: string('0') },
);
export type ConsumerGroupTargetAssignmentMemberKey = MessageOf<typeof consumerGroupTargetAssignmentMemberKey>;

export const consumerGroupTargetAssignmentMemberValue = message(
  { name: 'ConsumerGroupTargetAssignmentMemberValue', key: 7, versions: '0', flexible: '0+' },
  { topicPartitions: array('0+', { topicId: uuid('0+'), partitions: array('0+', 'int32') }) },
);
export type ConsumerGroupTargetAssignmentMemberValue = MessageOf<typeof consumerGroupTargetAssignmentMemberValue>;
