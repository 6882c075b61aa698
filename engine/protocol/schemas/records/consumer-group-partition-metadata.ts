import type { MessageOf } from '../../schema.ts';
import { array, int32, message, string, uuid } from '../../schema.ts';

/** The topics of a group of the consumer protocol as Kafka kept them before 4.1; a hash has taken their place. */
export const consumerGroupPartitionMetadataKey = message(
  { name: 'ConsumerGroupPartitionMetadataKey', key: 4, versions: '0', flexible: 'none' },
  { groupId: string('0') },
);
export type ConsumerGroupPartitionMetadataKey = MessageOf<typeof consumerGroupPartitionMetadataKey>;

export const consumerGroupPartitionMetadataValue = message(
  { name: 'ConsumerGroupPartitionMetadataValue', key: 4, versions: '0', flexible: '0+' },
  {
    topics: array('0+', {
      topicId: uuid('0+'),
      topicName: string('0+'),
      numPartitions: int32('0+'),
      partitionMetadata: array('0+', { partition: int32('0+'), racks: array('0+', 'string') }),
    }),
  },
);
export type ConsumerGroupPartitionMetadataValue = MessageOf<typeof consumerGroupPartitionMetadataValue>;
