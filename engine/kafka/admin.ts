import type { Admin } from '@platformatic/kafka';
import type { KafkaConnection } from './connection.ts';
import { hasProtocolError, KafkaError } from './kafka-error.ts';
import { formatServerAddress } from './server-address.ts';
import type { ListedTopic } from './topic-listing.ts';
import { listTopicsInFull } from './topic-listing.ts';

/** One partition as Metadata describes it. */
export interface PartitionDescription {
  readonly partition: number;
  readonly leader: number;
  readonly replicas: readonly number[];
  readonly isr: readonly number[];
  readonly startOffset: number;
  readonly endOffset: number;
}

export interface TopicDescription {
  readonly name: string;
  readonly id: string;
  readonly partitions: readonly PartitionDescription[];
  /** Configuration values that differ from the default. */
  readonly config: Readonly<Record<string, string>>;
}

export interface TopicToCreate {
  readonly name: string;
  /** The broker's default when left out. */
  readonly partitions?: number | undefined;
  readonly replicas?: number | undefined;
  readonly config?: Readonly<Record<string, string>> | undefined;
}

export interface GroupSummary {
  readonly id: string;
  readonly state: string;
  readonly protocolType: string;
}

export interface GroupPartition {
  readonly topic: string;
  readonly partition: number;
  /** Undefined when the group committed nothing for it. */
  readonly committedOffset: number | undefined;
  readonly endOffset: number;
  /** Records not processed yet; undefined without a committed offset. */
  readonly lag: number | undefined;
  /** Client id and member id of the member that reads it. */
  readonly member?: string | undefined;
}

export interface GroupDescription extends GroupSummary {
  readonly members: readonly { readonly id: string; readonly clientId: string; readonly host: string }[];
  readonly partitions: readonly GroupPartition[];
}

export interface ClusterDescription {
  readonly clusterId: string;
  readonly controllerId: number;
  readonly brokers: readonly { readonly id: number; readonly address: string }[];
}

const topicResource = 2;
const topicConfigSource = 1;

/** Administration of a cluster: topics, groups and their lag. Every call rejects with a KafkaError that says what was tried. */
export class KafkaAdmin {
  readonly #connection: KafkaConnection;
  readonly #client: Admin;

  constructor(connection: KafkaConnection) {
    this.#connection = connection;
    this.#client = connection.createAdmin();
  }

  async describeCluster(): Promise<ClusterDescription> {
    const metadata = await this.#call('connect', () =>
      this.#client.metadata({ topics: [], forceUpdate: true, retries: 0 }),
    );
    return {
      clusterId: metadata.id,
      controllerId: metadata.controllerId,
      brokers: [...metadata.brokers].map(([id, broker]) => ({ id, address: formatServerAddress(broker) })),
    };
  }

  /** Topic names, sorted; internal ones (`__consumer_offsets`) only on request. */
  async listTopics({ includeInternal = false } = {}): Promise<string[]> {
    const topics = await this.#call('list topics', () =>
      this.#client.listTopics({ includeInternals: includeInternal }),
    );
    return topics.sort();
  }

  /** Every topic, internal ones too, with partitions, offsets and sizes. */
  listTopicsInFull(): Promise<ListedTopic[]> {
    return listTopicsInFull(this.#connection, this.#client);
  }

  /**
   * Creates a topic. Rejects with KAFKA_TOPIC_ALREADY_EXISTS, KAFKA_INVALID_REPLICATION_FACTOR, ... A request that is repeated
   * because its answer was lost finds the topic of the first try: that is a success when it was not there before. A broker
   * may still list a topic that was just deleted, so only the controller's refusal counts.
   */
  async createTopic({ name, partitions, replicas, config = {} }: TopicToCreate): Promise<void> {
    const action = `create topic "${name}"`;
    const wasListed = (await this.listTopics({ includeInternal: true })).includes(name);
    const topics = { topics: [name], partitions: partitions ?? -1, replicas: replicas ?? -1 };
    const configs = Object.entries(config).map(([key, value]) => ({ name: key, value }));
    await this.#call(action, async () => {
      try {
        await this.#client.createTopics({ ...topics, configs });
      } catch (error) {
        if (wasListed || !hasProtocolError(error, 'TOPIC_ALREADY_EXISTS')) throw error;
      }
    });
  }

  async deleteTopic(name: string): Promise<void> {
    await this.#call(`delete topic "${name}"`, () => this.#client.deleteTopics({ topics: [name] }));
  }

  /** Grows a topic to `partitions` in all. Rejects with KAFKA_INVALID_PARTITIONS when it has as many already. */
  async growTopic(name: string, partitions: number): Promise<void> {
    await this.#call(`grow topic "${name}"`, () =>
      this.#client.createPartitions({ topics: [{ name, count: partitions, assignments: null }] }),
    );
  }

  async describeTopic(name: string): Promise<TopicDescription> {
    return this.#call(`describe topic "${name}"`, async () => {
      const metadata = await this.#client.metadata({ topics: [name], forceUpdate: true });
      const topic = metadata.topics.get(name);
      if (!topic) throw new Error(`Unknown topic ${name}.`);
      const [starts, ends, config] = await Promise.all([
        this.#offsets(name, topic.partitionsCount, -2),
        this.#offsets(name, topic.partitionsCount, -1),
        this.#topicConfig(name),
      ]);
      const partitions = topic.partitions.map(({ leader, replicas, isr }, partition) => ({
        partition,
        leader,
        replicas,
        isr,
        startOffset: starts.get(partition) ?? -1,
        endOffset: ends.get(partition) ?? -1,
      }));
      return { name, id: topic.id, partitions, config };
    });
  }

  /** Groups, sorted by id. */
  async listGroups(): Promise<GroupSummary[]> {
    const groups = await this.#call('list groups', () => this.#client.listGroups({}));
    return [...groups.values()]
      .map(({ id, state, protocolType }) => ({ id, state: String(state), protocolType }))
      .sort((a, b) => (a.id < b.id ? -1 : 1));
  }

  /** A group's members and the lag of every partition that it committed or reads. Rejects with KAFKA_UNKNOWN_GROUP. */
  async describeGroup(id: string): Promise<GroupDescription> {
    return this.#call(`describe group "${id}"`, async () => {
      const group = (await this.#client.describeGroups({ groups: [id] })).get(id);
      const offsets = (await this.#client.listConsumerGroupOffsets({ groups: [id] })).find(
        ({ groupId }) => groupId === id,
      );
      if (!group || (String(group.state).toLowerCase() === 'dead' && !offsets?.topics.length))
        throw new KafkaError('KAFKA_UNKNOWN_GROUP', `${this.#connection.target}: there is no group "${id}"`);
      const partitions = new Map<string, { topic: string; partition: number; committed?: number; member?: string }>();
      for (const topic of offsets?.topics ?? []) {
        for (const { partitionIndex: partition, committedOffset } of topic.partitions)
          partitions.set(`${topic.name}-${partition}`, {
            topic: topic.name,
            partition,
            committed: Number(committedOffset),
          });
      }
      for (const member of group.members.values()) {
        for (const { topic, partitions: assigned } of member.assignments?.values() ?? []) {
          for (const partition of assigned) {
            const known = partitions.get(`${topic}-${partition}`) ?? { topic, partition };
            partitions.set(`${topic}-${partition}`, { ...known, member: member.id });
          }
        }
      }
      return {
        id,
        state: String(group.state),
        protocolType: group.protocolType,
        members: [...group.members.values()].map(({ id: memberId, clientId, clientHost }) => ({
          id: memberId,
          clientId,
          host: clientHost,
        })),
        partitions: await this.#withLag([...partitions.values()]),
      };
    });
  }

  /** Forgets a group and its committed offsets. Rejects with KAFKA_NON_EMPTY_GROUP while it has members. */
  async deleteGroup(id: string): Promise<void> {
    await this.#call(`delete group "${id}"`, () => this.#client.deleteGroups({ groups: [id] }));
  }

  async close(): Promise<void> {
    await Promise.resolve(this.#client.close()).catch(() => {});
  }

  async #withLag(
    partitions: { topic: string; partition: number; committed?: number; member?: string }[],
  ): Promise<GroupPartition[]> {
    const ends = new Map<string, Map<number, number>>();
    for (const topic of new Set(partitions.map((each) => each.topic))) {
      const count = 1 + Math.max(...partitions.filter((each) => each.topic === topic).map((each) => each.partition));
      ends.set(topic, await this.#offsets(topic, count, -1));
    }
    return partitions
      .map(({ topic, partition, committed, member }) => {
        const endOffset = ends.get(topic)?.get(partition) ?? -1;
        const committedOffset = committed === undefined || committed < 0 ? undefined : committed;
        const lag = committedOffset === undefined ? undefined : Math.max(0, endOffset - committedOffset);
        return { topic, partition, committedOffset, endOffset, lag, member };
      })
      .sort((a, b) => (a.topic === b.topic ? a.partition - b.partition : a.topic < b.topic ? -1 : 1));
  }

  async #offsets(topic: string, partitionCount: number, timestamp: number): Promise<Map<number, number>> {
    const partitions = Array.from({ length: partitionCount }, (_, partitionIndex) => ({
      partitionIndex,
      timestamp: BigInt(timestamp),
    }));
    const listed = await this.#client.listOffsets({ topics: [{ name: topic, partitions }] });
    const found = listed.find(({ name }) => name === topic)?.partitions ?? [];
    return new Map(found.map(({ partitionIndex, offset }) => [partitionIndex, Number(offset)]));
  }

  async #topicConfig(name: string): Promise<Record<string, string>> {
    const [described] = await this.#client.describeConfigs({
      resources: [{ resourceType: topicResource, resourceName: name, configurationKeys: null }],
    });
    const set = (described?.configs ?? []).filter(({ configSource }) => configSource === topicConfigSource);
    return Object.fromEntries(set.map(({ name: key, value }) => [key, value ?? '']));
  }

  async #call<T>(action: string, run: () => Promise<T>): Promise<T> {
    try {
      return await run();
    } catch (error) {
      throw this.#connection.error(error, action);
    }
  }
}
