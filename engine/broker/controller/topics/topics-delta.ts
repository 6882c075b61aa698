import { assert } from '../../../base/assert.ts';
import type { RecordValue } from '../record-value.ts';
import { SharedMap } from '../shared-map.ts';
import { changedPartition } from './changed-partition.ts';
import type { PartitionRegistration, TopicImage, TopicsChange, TopicsImage } from './topics-image.ts';

type WritableMap<V> = ReturnType<typeof SharedMap.forkOf<V>>;

/** What records say of topics and their partitions. */
export class TopicsDelta {
  readonly #base: TopicsImage;
  #byName: WritableMap<TopicImage> | undefined;
  #byId: WritableMap<TopicImage> | undefined;
  /** Partitions of topics that this delta has copied, by topic id: its own to change. */
  readonly #ownPartitions = new Map<string, PartitionRegistration[]>();
  readonly #changed = new Set<string>();
  readonly #removed = new Set<string>();

  constructor(base: TopicsImage) {
    this.#base = base;
  }

  build(): TopicsImage {
    return this.#byName && this.#byId ? { byName: this.#byName, byId: this.#byId } : this.#base;
  }

  get change(): TopicsChange {
    return { changed: this.#changed, removed: this.#removed };
  }

  addTopic({ topicId, name }: RecordValue<'TopicRecord'>): void {
    this.#putTopic({ id: topicId, name, partitions: [] });
  }

  /** @returns the name that the topic had */
  removeTopic(topicId: string): string {
    const { id, name } = this.#topicById(topicId);
    const { byName, byId } = this.#writable();
    this.#ownPartitions.delete(id);
    byName.delete(name);
    byId.delete(id);
    this.#changed.delete(name);
    this.#removed.add(id);
    return name;
  }

  putPartition(record: RecordValue<'PartitionRecord'>): void {
    const topic = this.#topicById(record.topicId);
    const { partitionId, replicas, isr, leader, leaderEpoch, partitionEpoch } = record;
    assert(
      partitionId <= topic.partitions.length,
      `partition ${topic.name}-${partitionId} follows ${topic.partitions.length}`,
    );
    this.#putTopicPartition(topic, partitionId, {
      replicas,
      addingReplicas: record.addingReplicas,
      removingReplicas: record.removingReplicas,
      isr,
      leader,
      leaderEpoch,
      partitionEpoch,
      elr: record.eligibleLeaderReplicas ?? [],
      lastKnownElr: record.lastKnownElr ?? [],
      isRecovering: record.leaderRecoveryState === 1,
    });
  }

  changePartition(record: RecordValue<'PartitionChangeRecord'>): void {
    const topic = this.#topicById(record.topicId);
    const partition = topic.partitions[record.partitionId];
    assert(partition, `partition ${topic.name}-${record.partitionId} exists`);
    this.#putTopicPartition(topic, record.partitionId, changedPartition(partition, record));
  }

  #putTopicPartition(topic: TopicImage, index: number, partition: PartitionRegistration): void {
    // Copied once for this delta: a topic of many partitions comes as a record for each.
    const partitions = this.#ownPartitions.get(topic.id) ?? [...topic.partitions];
    partitions[index] = partition;
    if (this.#ownPartitions.has(topic.id)) return;
    this.#ownPartitions.set(topic.id, partitions);
    this.#putTopic({ ...topic, partitions });
  }

  #putTopic(topic: TopicImage): void {
    const { byName, byId } = this.#writable();
    byName.set(topic.name, topic);
    byId.set(topic.id, topic);
    this.#changed.add(topic.name);
  }

  #topicById(id: string): TopicImage {
    const topic = (this.#byId ?? this.#base.byId).get(id);
    assert(topic, `a topic with id ${id} exists`);
    return topic;
  }

  #writable(): { readonly byName: WritableMap<TopicImage>; readonly byId: WritableMap<TopicImage> } {
    this.#byName ??= SharedMap.forkOf(this.#base.byName);
    this.#byId ??= SharedMap.forkOf(this.#base.byId);
    return { byName: this.#byName, byId: this.#byId };
  }
}
