import { assert } from '../../base/assert.ts';
import type { MetadataRecord } from '../../protocol/metadata-record.ts';
import type { ImageChange } from './image-change.ts';
import type { BrokerRegistration, PartitionRegistration, TopicImage } from './metadata-image.ts';
import { configKey, MetadataImage } from './metadata-image.ts';
import { SharedMap } from './shared-map.ts';

type WritableMap<V> = ReturnType<typeof SharedMap.forkOf<V>>;
type RecordOf<Name extends MetadataRecord['name']> = Extract<MetadataRecord, { name: Name }>['value'];

const topicResource = 2;
const brokerResource = 4;

/**
 * Records on top of an image. `apply` is the only writer of metadata: on the active controller, on its followers and
 * after a restart. Records of types that this build does not write change nothing.
 */
export class ImageDelta {
  readonly #base: MetadataImage;
  #brokers: Map<number, BrokerRegistration> | undefined;
  #topics: WritableMap<TopicImage> | undefined;
  #topicsById: WritableMap<TopicImage> | undefined;
  #configs: Map<string, ReadonlyMap<string, string>> | undefined;
  #features: Map<string, number> | undefined;
  #nextProducerId: number;
  /** Partitions of topics that this delta has copied, by topic id: its own to change. */
  readonly #ownPartitions = new Map<string, PartitionRegistration[]>();
  #isBuilt = false;
  readonly #changedTopics = new Set<string>();
  readonly #removedTopics = new Set<string>();
  readonly #changedConfigs = new Set<string>();

  constructor(base: MetadataImage) {
    this.#base = base;
    this.#nextProducerId = base.nextProducerId;
  }

  apply(record: MetadataRecord): void {
    assert(!this.#isBuilt, `${record.name} comes after the image was built, which shares what it would change`);
    switch (record.name) {
      case 'RegisterBrokerRecord':
        this.#registerBroker(record.value);
        return;
      case 'UnregisterBrokerRecord':
        this.#writableBrokers().delete(record.value.brokerId);
        return;
      case 'BrokerRegistrationChangeRecord':
        this.#changeBroker(record.value);
        return;
      case 'TopicRecord':
        this.#putTopic({ id: record.value.topicId, name: record.value.name, partitions: [] });
        return;
      case 'PartitionRecord':
        this.#putPartition(record.value);
        return;
      case 'PartitionChangeRecord':
        this.#changePartition(record.value);
        return;
      case 'RemoveTopicRecord':
        this.#removeTopic(record.value.topicId);
        return;
      case 'ConfigRecord':
        this.#changeConfig(record.value);
        return;
      case 'ProducerIdsRecord':
        this.#nextProducerId = record.value.nextProducerId;
        return;
      case 'FeatureLevelRecord':
        this.#features ??= new Map(this.#base.features);
        this.#features.set(record.value.name, record.value.featureLevel);
        return;
      case 'NoOpRecord':
    }
  }

  /** The image with all records applied, after which the delta takes no more; `offset` and `epoch` are those of the last one. */
  build(offset: number, epoch: number): MetadataImage {
    const base = this.#base;
    this.#isBuilt = true;
    return new MetadataImage({
      offset,
      epoch,
      clusterId: base.clusterId,
      brokers: this.#brokers ?? base.brokers,
      topics: this.#topics ?? base.topics,
      topicsById: this.#topicsById ?? base.topicsById,
      configOverrides: this.#configs ?? base.configOverrides,
      features: this.#features ?? base.features,
      nextProducerId: this.#nextProducerId,
    });
  }

  /** What the records so far have changed. */
  change(): ImageChange {
    return {
      topics: this.#changedTopics,
      removedTopics: this.#removedTopics,
      brokers: this.#brokers !== undefined,
      configResources: this.#changedConfigs,
      configs: this.#changedConfigs.size > 0,
    };
  }

  #registerBroker(record: RecordOf<'RegisterBrokerRecord'>): void {
    const endPoint = record.endPoints[0];
    assert(endPoint, `registration of broker ${record.brokerId} has an endpoint`);
    this.#writableBrokers().set(record.brokerId, {
      id: record.brokerId,
      epoch: record.brokerEpoch,
      incarnationId: record.incarnationId,
      host: endPoint.host,
      port: endPoint.port,
      rack: record.rack,
      fenced: record.fenced,
      inControlledShutdown: record.inControlledShutdown,
      features: record.features,
      logDirs: record.logDirs,
    });
  }

  #changeBroker(record: RecordOf<'BrokerRegistrationChangeRecord'>): void {
    const brokers = this.#writableBrokers();
    const broker = brokers.get(record.brokerId);
    assert(
      broker?.epoch === record.brokerEpoch,
      `broker ${record.brokerId} has epoch ${broker?.epoch}, its change record ${record.brokerEpoch}`,
    );
    brokers.set(broker.id, {
      ...broker,
      fenced: record.fenced === 0 ? broker.fenced : record.fenced > 0,
      inControlledShutdown: record.inControlledShutdown === 0 ? broker.inControlledShutdown : true,
    });
  }

  #putPartition(record: RecordOf<'PartitionRecord'>): void {
    const topic = this.#topicById(record.topicId);
    const { partitionId, replicas, isr, leader, leaderEpoch, partitionEpoch } = record;
    assert(
      partitionId <= topic.partitions.length,
      `partition ${topic.name}-${partitionId} follows ${topic.partitions.length}`,
    );
    this.#putTopicPartition(topic, partitionId, {
      replicas,
      isr,
      leader,
      leaderEpoch,
      partitionEpoch,
      elr: record.eligibleLeaderReplicas ?? [],
      lastKnownElr: record.lastKnownElr ?? [],
      isRecovering: record.leaderRecoveryState === 1,
    });
  }

  #changePartition(record: RecordOf<'PartitionChangeRecord'>): void {
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
    this.#topics ??= SharedMap.forkOf(this.#base.topics);
    this.#topicsById ??= SharedMap.forkOf(this.#base.topicsById);
    this.#topics.set(topic.name, topic);
    this.#topicsById.set(topic.id, topic);
    this.#changedTopics.add(topic.name);
  }

  #removeTopic(topicId: string): void {
    const { id, name } = this.#topicById(topicId);
    this.#topics ??= SharedMap.forkOf(this.#base.topics);
    this.#topicsById ??= SharedMap.forkOf(this.#base.topicsById);
    this.#ownPartitions.delete(id);
    this.#topics.delete(name);
    this.#topicsById.delete(id);
    this.#changedTopics.delete(name);
    this.#removedTopics.add(id);
    const key = configKey('topic', name);
    if (!(this.#configs ?? this.#base.configOverrides).has(key)) return;
    this.#writableConfigs().delete(key);
    this.#changedConfigs.add(key);
  }

  #changeConfig({ resourceType, resourceName, name, value }: RecordOf<'ConfigRecord'>): void {
    if (resourceType !== topicResource && resourceType !== brokerResource) return;
    const key = configKey(resourceType === topicResource ? 'topic' : 'broker', resourceName);
    const configs = this.#writableConfigs();
    const overrides = new Map(configs.get(key));
    if (value === null) overrides.delete(name);
    else overrides.set(name, value);
    if (overrides.size) configs.set(key, overrides);
    else configs.delete(key);
    this.#changedConfigs.add(key);
  }

  #topicById(id: string): TopicImage {
    const topic = (this.#topicsById ?? this.#base.topicsById).get(id);
    assert(topic, `a topic with id ${id} exists`);
    return topic;
  }

  #writableBrokers(): Map<number, BrokerRegistration> {
    this.#brokers ??= new Map(this.#base.brokers);
    return this.#brokers;
  }

  #writableConfigs(): Map<string, ReadonlyMap<string, string>> {
    this.#configs ??= new Map(this.#base.configOverrides);
    return this.#configs;
  }
}

/** A partition after a change record. Naming a leader, even the same one, begins a new leader epoch. */
export function changedPartition(
  partition: PartitionRegistration,
  record: RecordOf<'PartitionChangeRecord'>,
): PartitionRegistration {
  const namesLeader = record.leader !== -2;
  return {
    replicas: record.replicas ?? partition.replicas,
    isr: record.isr ?? partition.isr,
    elr: record.eligibleLeaderReplicas ?? partition.elr,
    lastKnownElr: record.lastKnownElr ?? partition.lastKnownElr,
    leader: namesLeader ? record.leader : partition.leader,
    leaderEpoch: partition.leaderEpoch + (namesLeader ? 1 : 0),
    partitionEpoch: partition.partitionEpoch + 1,
    isRecovering: record.leaderRecoveryState === -1 ? partition.isRecovering : record.leaderRecoveryState === 1,
  };
}
