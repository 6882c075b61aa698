import { apis } from '../../protocol/api-keys.ts';
import { zeroUuid } from '../../protocol/uuid.ts';
import type { KafkaConnection } from '../connection.ts';
import { unknownTopic } from '../consumer/list-offsets.ts';
import { whileItHelps } from '../consumer/while-it-helps.ts';
import { KafkaError } from '../kafka-error.ts';
import type { ClusterClient } from '../wire/cluster-client.ts';
import type { TopicView } from '../wire/topic-view.ts';
import type { PartitionCounts } from './assignors.ts';

/** What to read: names, and a pattern that whole names must match. */
export interface TopicWishes {
  readonly topics: readonly string[];
  readonly topicPattern?: RegExp | undefined;
}

/** Versions of Metadata below this ask for all topics with an empty list instead of null. */
const nullMeansAllMin = 1;

/** The topics that a member subscribes to, what was there when it started, and whether the group's partitions have changed. */
export class SubscribedTopics {
  readonly #connection: KafkaConnection;
  readonly #client: ClusterClient;
  readonly #wishes: TopicWishes;
  readonly #signal: AbortSignal;
  readonly #whole: RegExp | undefined;
  #names: readonly string[];
  /** Topics by name as they were at the start. */
  #atStart: ReadonlyMap<string, TopicView> = new Map();
  /** Partition counts by which the group was assigned last; a topic that was missing has 0. */
  #assigned = new Map<string, number>();

  constructor(connection: KafkaConnection, client: ClusterClient, wishes: TopicWishes, signal: AbortSignal) {
    this.#connection = connection;
    this.#client = client;
    this.#wishes = wishes;
    this.#signal = signal;
    this.#names = wishes.topics;
    const { topicPattern: pattern } = wishes;
    this.#whole = pattern && new RegExp(`^(?:${pattern.source})$`, pattern.flags.replace(/[gy]/g, ''));
  }

  get names(): readonly string[] {
    return this.#names;
  }

  /** Rejects with KAFKA_UNKNOWN_TOPIC when a named topic is missing, KAFKA_CONNECT_FAILED, ... */
  async start(): Promise<void> {
    const { topics } = this.#wishes;
    const views = new Map<string, TopicView>();
    await whileItHelps(this.#connection, `find ${topics.map(quoted).join(', ')}`, this.#signal, async () => {
      await this.refresh();
      const found = await this.#client.metadata.require(this.#names, { fresh: true });
      for (const name of this.#names) {
        const view = found.get(name) ?? unknownTopic(name);
        if (!(view instanceof KafkaError)) views.set(name, view);
        else if (topics.includes(name)) throw view;
      }
    });
    this.#atStart = views;
  }

  /** Looks for topics that match the pattern; true when there are others than before. */
  async refresh(): Promise<boolean> {
    if (!this.#whole) return false;
    const answer = await this.#client.requestAny(
      apis.metadata,
      (version) => ({ topics: version < nullMeansAllMin ? [] : null, allowAutoTopicCreation: false }),
      { signal: this.#signal },
    );
    const matching = answer.topics.flatMap(({ name, errorCode, isInternal }) =>
      name !== null && errorCode === 0 && !isInternal && this.#whole!.test(name) ? [name] : [],
    );
    const before = this.#names;
    this.#names = [...new Set([...this.#wishes.topics, ...matching])].sort();
    return before.length !== this.#names.length || this.#names.some((name) => !before.includes(name));
  }

  /** Whether a partition came to be after the start: there is nothing in it that was there before us. */
  isNew(topic: string, partition: number): boolean {
    const then = this.#atStart.get(topic);
    if (!then || partition >= then.partitions.length) return true;
    const now = this.#client.metadata.topic(topic);
    return now !== undefined && now.id !== zeroUuid && now.id !== then.id;
  }

  /** Partition counts for an assignment, fresh; topics that are missing are left out. */
  async count(topics: readonly string[]): Promise<PartitionCounts> {
    const found = await this.#client.metadata.require(topics, { fresh: true });
    const counts = new Map<string, number>();
    for (const [name, view] of found) if (!(view instanceof KafkaError)) counts.set(name, view.partitions.length);
    this.#assigned = new Map(topics.map((name) => [name, counts.get(name) ?? 0]));
    return counts;
  }

  /** Asks anew about the topics of the last assignment; what changed is told by `hasChanged`. */
  async lookAgain(): Promise<void> {
    if (this.#assigned.size) await this.#client.metadata.require([...this.#assigned.keys()], { fresh: true });
  }

  /**
   * Whether an assignment made now would have other partitions. A topic that vanished is no reason: its readers look for it, and
   * a broker that lags behind must not set off a rebalance.
   */
  hasChanged(): boolean {
    for (const [name, count] of this.#assigned) {
      const now = this.#client.metadata.topic(name)?.partitions.length;
      if (now !== undefined && now !== count) return true;
    }
    return false;
  }
}

function quoted(topic: string): string {
  return `topic "${topic}"`;
}
