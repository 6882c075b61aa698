import type { MessageOf } from '../../schema.ts';
import { array, int8, int32, message, string, uuid } from '../../schema.ts';

/** What one member has now, and how far it is on the way to its target. */
export const consumerGroupCurrentMemberAssignmentKey = message(
  { name: 'ConsumerGroupCurrentMemberAssignmentKey', key: 8, versions: '0', flexible: 'none' },
  { groupId: string('0'), memberId: string('0') },
);
export type ConsumerGroupCurrentMemberAssignmentKey = MessageOf<typeof consumerGroupCurrentMemberAssignmentKey>;

const topicPartitions = {
  topicId: uuid('0+'),
  partitions: array('0+', 'int32'),
  assignmentEpochs: array('0+', 'int32', { nullable: '0+', tag: 0 }),
} as const;

export const consumerGroupCurrentMemberAssignmentValue = message(
  { name: 'ConsumerGroupCurrentMemberAssignmentValue', key: 8, versions: '0', flexible: '0+' },
  {
    memberEpoch: int32('0+'),
    previousMemberEpoch: int32('0+'),
    state: int8('0+'),
    assignedPartitions: array('0+', topicPartitions),
    partitionsPendingRevocation: array('0+', topicPartitions),
  },
);
export type ConsumerGroupCurrentMemberAssignmentValue = MessageOf<typeof consumerGroupCurrentMemberAssignmentValue>;
