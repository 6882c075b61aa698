import type { ImageChange } from '../controller/image-change.ts';
import type { MetadataImage } from '../controller/metadata-image.ts';
import type { TopicImage } from '../controller/topics/topics-image.ts';
import type { LogConfig } from '../log/log-config.ts';
import { defaultLogConfig } from '../log/log-config.ts';
import type { PartitionAssignment } from '../replica/partition-assignment.ts';

/** The config that a topic's logs work with under an image. */
export type TopicConfigOf = (image: MetadataImage, topic: string) => LogConfig;

/**
 * What a change of the metadata means for the replicas: every partition of a changed topic, and every partition of a
 * removed one as such. Which of them are hosted here the replicas decide. A change of configs touches the topics that have
 * overrides, or all of them when a broker default changed.
 */
export function assignmentsOf(
  before: MetadataImage,
  after: MetadataImage,
  change: ImageChange,
  configOf: TopicConfigOf,
): readonly PartitionAssignment[] {
  const assignments: PartitionAssignment[] = [];
  for (const id of change.topics.removed) {
    const topic = before.topicsById.get(id);
    if (topic) assignments.push(...partitionsOf(topic, defaultLogConfig, true));
  }
  for (const name of changedTopics(after, change)) {
    const topic = after.topics.get(name);
    if (topic) assignments.push(...partitionsOf(topic, configOf(after, name), false));
  }
  return assignments;
}

function changedTopics(after: MetadataImage, change: ImageChange): Iterable<string> {
  const { topics, configs } = change;
  if (configs.broker.size > 0) return after.topics.keys();
  return new Set([...topics.changed, ...configs.topic]);
}

function partitionsOf(topic: TopicImage, config: LogConfig, removed: boolean): PartitionAssignment[] {
  return topic.partitions.map(({ replicas, isr, leader, leaderEpoch, partitionEpoch }, partition) => ({
    topic: topic.name,
    topicId: topic.id,
    partition,
    replicas,
    isr,
    leader,
    leaderEpoch,
    partitionEpoch,
    config,
    removed,
  }));
}
