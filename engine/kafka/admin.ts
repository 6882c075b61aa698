import type { AdminContext } from './admin/admin-context.ts';
import { createTopic } from './admin/create-topic.ts';
import { deleteGroup } from './admin/delete-group.ts';
import { deleteTopic } from './admin/delete-topic.ts';
import { describeCluster } from './admin/describe-cluster.ts';
import { describeGroup } from './admin/describe-group.ts';
import { describeTopic } from './admin/describe-topic.ts';
import type {
  ClusterDescription,
  GroupDescription,
  GroupSummary,
  TopicDescription,
  TopicToCreate,
} from './admin/descriptions.ts';
import { growTopic } from './admin/grow-topic.ts';
import { listGroups } from './admin/list-groups.ts';
import { listTopics } from './admin/list-topics.ts';
import type { ListedTopic } from './admin/list-topics-in-full.ts';
import { listTopicsInFull } from './admin/list-topics-in-full.ts';
import { drainBroker, unregisterBroker } from './admin/remove-broker.ts';
import type { KafkaConnection } from './connection.ts';
import { ClusterClient } from './wire/cluster-client.ts';

export type {
  ClusterDescription,
  GroupDescription,
  GroupPartition,
  GroupSummary,
  PartitionDescription,
  TopicDescription,
  TopicToCreate,
} from './admin/descriptions.ts';

/** Administration of a cluster: topics, groups and their lag. Every call rejects with a KafkaError that says what was tried. */
export class KafkaAdmin {
  readonly #connection: KafkaConnection;
  readonly #context: AdminContext;

  constructor(connection: KafkaConnection) {
    this.#connection = connection;
    this.#context = { connection, client: new ClusterClient(connection) };
  }

  describeCluster(): Promise<ClusterDescription> {
    return this.#call('connect', describeCluster(this.#context));
  }

  /** Topic names, sorted; internal ones (`__consumer_offsets`) only on request. */
  listTopics({ includeInternal = false } = {}): Promise<string[]> {
    return this.#call('list topics', listTopics(this.#context, includeInternal));
  }

  /** Every topic, internal ones too, with partitions, offsets and sizes. */
  listTopicsInFull(): Promise<ListedTopic[]> {
    return this.#call('list topics', listTopicsInFull(this.#context));
  }

  /** Creates a topic. Rejects with KAFKA_TOPIC_ALREADY_EXISTS, KAFKA_INVALID_REPLICATION_FACTOR, ... */
  createTopic(topic: TopicToCreate): Promise<void> {
    return this.#call(`create topic "${topic.name}"`, createTopic(this.#context, topic));
  }

  deleteTopic(name: string): Promise<void> {
    return this.#call(`delete topic "${name}"`, deleteTopic(this.#context, name));
  }

  /** Grows a topic to `partitions` in all. Rejects with KAFKA_INVALID_PARTITIONS when it has as many already. */
  growTopic(name: string, partitions: number): Promise<void> {
    return this.#call(`grow topic "${name}"`, growTopic(this.#context, name, partitions));
  }

  describeTopic(name: string): Promise<TopicDescription> {
    return this.#call(`describe topic "${name}"`, describeTopic(this.#context, name));
  }

  /** Groups, sorted by id. */
  listGroups(): Promise<GroupSummary[]> {
    return this.#call('list groups', listGroups(this.#context));
  }

  /** A group's members and the lag of every partition that it committed or reads. Rejects with KAFKA_UNKNOWN_GROUP. */
  describeGroup(id: string): Promise<GroupDescription> {
    return this.#call(`describe group "${id}"`, describeGroup(this.#context, id));
  }

  /** Forgets a group and its committed offsets. Rejects with KAFKA_NON_EMPTY_GROUP while it has members. */
  deleteGroup(id: string): Promise<void> {
    return this.#call(`delete group "${id}"`, deleteGroup(this.#context, id));
  }

  /** Moves all that a broker holds to others and takes its vote; `note` hears how much is left. */
  drainBroker(id: number, note: (text: string) => void): Promise<void> {
    return this.#call(`drain broker ${id}`, drainBroker(this.#context, id, note));
  }

  /** Takes a broker that has ended out of the cluster for good. */
  unregisterBroker(id: number): Promise<void> {
    return this.#call(`unregister broker ${id}`, unregisterBroker(this.#context, id));
  }

  async close(): Promise<void> {
    await this.#context.client.close();
  }

  async #call<T>(action: string, result: Promise<T>): Promise<T> {
    try {
      return await result;
    } catch (error) {
      throw this.#connection.error(error, action);
    }
  }
}
