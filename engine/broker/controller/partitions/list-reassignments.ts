import { errorCode } from '../../../protocol/error-codes.ts';
import type { MessageInput } from '../../../protocol/schema.ts';
import type {
  ListPartitionReassignmentsRequest,
  listPartitionReassignmentsResponse,
} from '../../../protocol/schemas/46-list-partition-reassignments.ts';
import type { MetadataImage } from '../metadata-image.ts';
import type { TopicImage } from '../topics/topics-image.ts';
import { isReassigning } from './reassignment.ts';

type Reply = MessageInput<typeof listPartitionReassignmentsResponse>;

/** The reassignments under way, of all topics or of those asked for; what is unknown or at rest has no row (KIP-455). */
export function listReassignments(image: MetadataImage, request: ListPartitionReassignmentsRequest): Reply {
  const topics = request.topics
    ? request.topics.flatMap(({ name, partitionIndexes }) => {
        const topic = image.topics.get(name);
        return topic ? rowsOf(topic, partitionIndexes) : [];
      })
    : [...image.topics.values()].flatMap((topic) => rowsOf(topic, topic.partitions.keys()));
  return { errorCode: errorCode.NONE, errorMessage: null, topics };
}

function rowsOf(topic: TopicImage, indexes: Iterable<number>): Reply['topics'] {
  const partitions = [...indexes].flatMap((partitionIndex) => {
    const partition = topic.partitions[partitionIndex];
    if (!partition || !isReassigning(partition)) return [];
    const { replicas, addingReplicas, removingReplicas } = partition;
    return {
      partitionIndex,
      replicas: [...replicas],
      addingReplicas: [...addingReplicas],
      removingReplicas: [...removingReplicas],
    };
  });
  return partitions.length ? [{ name: topic.name, partitions }] : [];
}
