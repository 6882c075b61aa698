import { apis } from '../../protocol/api-keys.ts';
import type { AdminContext } from './admin-context.ts';
import { onEveryBroker } from './admin-context.ts';
import type { PartitionDescription } from './descriptions.ts';
import { listOffsets, offsetMark } from './list-offsets.ts';
import { allTopics } from './list-topics.ts';

/** A topic of a listing. Offsets are -1, and the size undefined, where the cluster did not tell. */
export interface ListedTopic {
  readonly name: string;
  readonly id: string;
  readonly partitions: readonly PartitionDescription[];
  /** Bytes on the disks of all replicas together. */
  readonly sizeBytes: number | undefined;
}

/**
 * Every topic with its partitions, offsets and size, in a handful of requests however many topics there are. A partition
 * without a leader costs only its own offsets, a cluster that does not tell sizes only those. Rejects when no broker answers.
 */
export async function listTopicsInFull(context: AdminContext): Promise<ListedTopic[]> {
  const topics = await allTopics(context);
  const asked = topics.flatMap(({ name, partitions }) =>
    partitions.map(({ partitionIndex, leaderId }) => ({ topic: name!, partition: partitionIndex, leader: leaderId })),
  );
  const [starts, ends, sizes] = await Promise.all([
    listOffsets(context, asked, offsetMark.earliest),
    listOffsets(context, asked, offsetMark.latest),
    sizesOf(context),
  ]);
  return topics
    .map(({ name, topicId, partitions }) => ({
      name: name!,
      id: topicId,
      sizeBytes: sizes?.get(name!),
      partitions: partitions
        .map(({ partitionIndex: partition, leaderId, replicaNodes, isrNodes }) => ({
          partition,
          leader: leaderId,
          replicas: replicaNodes,
          isr: isrNodes,
          startOffset: starts.get(name!)?.get(partition) ?? -1,
          endOffset: ends.get(name!)?.get(partition) ?? -1,
        }))
        .sort((a, b) => a.partition - b.partition),
    }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** Undefined when the cluster does not serve DescribeLogDirs, or not to this user. */
async function sizesOf(context: AdminContext): Promise<Map<string, number> | undefined> {
  const answers = await onEveryBroker(context, (broker) =>
    context.client.request(broker, apis.describeLogDirs, { topics: null }),
  ).catch(() => []);
  const results = answers.flatMap((answer) => (answer.errorCode === 0 ? answer.results : []));
  if (results.length === 0) return undefined;
  const sizes = new Map<string, number>();
  for (const { topics } of results) {
    for (const { name, partitions } of topics) {
      const bytes = partitions.reduce((sum, { partitionSize }) => sum + partitionSize, 0);
      sizes.set(name, (sizes.get(name) ?? 0) + bytes);
    }
  }
  return sizes;
}
