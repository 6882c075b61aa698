import type { ClusterMetadata, Consumer } from '@platformatic/kafka';
import type { KafkaConnection } from './connection.ts';
import type { FetchResponse } from './deliverable-records.ts';
import { deliverableRecords } from './deliverable-records.ts';
import { hasProtocolError, KafkaError } from './kafka-error.ts';
import { PartitionFeed } from './partition-feed.ts';

/** How a fetcher reads. Names follow Kafka's consumer configuration. */
export interface FetchSettings {
  readonly isolation: 'read_uncommitted' | 'read_committed';
  readonly fetchMinBytes: number;
  /** How long a broker may hold a fetch that finds nothing. */
  readonly fetchWaitMsMax: number;
  readonly partitionFetchBytesMax: number;
  /** Fetching of a partition pauses while it has more than this queued; it goes on at half of it. */
  readonly partitionQueueBytesMax: number;
  /** The same in records. One fetch may bring more at once. */
  readonly partitionQueueRecordsMax: number;
  /** Where to go on when the wanted offset is no longer (or not yet) there. */
  readonly startAt: 'earliest' | 'latest';
}

export const fetchDefaults: FetchSettings = {
  isolation: 'read_committed',
  fetchMinBytes: 1,
  fetchWaitMsMax: 500,
  partitionFetchBytesMax: 1024 * 1024,
  partitionQueueBytesMax: 1024 * 1024,
  partitionQueueRecordsMax: 10_000,
  startAt: 'latest',
};

/** Bytes of one fetch response over all its partitions. */
const responseBytesMax = 16 * 1024 * 1024;
/** A broker holds a fetch only this long while another of its partitions waits for room, or that one would wait for the poll. */
const fetchWaitWhilePausedMsMax = 20;

/** Time between two warnings of one fetcher. */
const warnIntervalMs = 5_000;
/** Keys of back-offs that belong to no broker. */
const everyBroker = -1;
const noLeader = -2;

type Client = Consumer<Buffer, Buffer, Buffer, Buffer>;

/**
 * Keeps the feeds of a set of partitions filled: one fetch under way per broker, over a client (and so sockets) of its own, so
 * that a long poll holds up no heartbeat. Memory per partition is bounded by `partitionQueueBytesMax` plus one response.
 */
export class PartitionFetcher {
  readonly #connection: KafkaConnection;
  readonly #settings: FetchSettings;
  readonly #onRecords: () => void;
  readonly #feeds = new Map<string, PartitionFeed>();
  readonly #busyNodes = new Set<number>();
  readonly #client: Client;
  /** Failures in a row and the time of the next try, by broker; `everyBroker` stands for finding out who leads what. */
  readonly #backOffs = new Map<number, { failures: number; until: number }>();
  #isPlanned = false;
  #warnedAt = Number.NEGATIVE_INFINITY;
  #isClosed = false;

  constructor(connection: KafkaConnection, settings: FetchSettings, onRecords: () => void) {
    this.#connection = connection;
    this.#settings = settings;
    this.#onRecords = onRecords;
    // No retries inside the library: it would repeat a fetch for partitions that may have been taken away meanwhile.
    this.#client = connection.createConsumer('millrace-fetch', { retries: 0 });
  }

  get feeds(): ReadonlyMap<string, PartitionFeed> {
    return this.#feeds;
  }

  /** Starts to fetch a partition and returns its feed. Replaces a feed of the same partition. */
  add(topic: string, partition: number, offset: number): PartitionFeed {
    const feed = new PartitionFeed(topic, partition, offset);
    this.#feeds.set(`${topic}-${partition}`, feed);
    this.#client.topics.track(topic);
    this.wake();
    return feed;
  }

  /** Stops fetching a partition; a response under way for it is ignored. */
  remove(topic: string, partition: number): void {
    this.#feeds.delete(`${topic}-${partition}`);
  }

  /** First or next offset of partitions: -2 earliest, -1 latest, else the first record at or after that time (-1: none). */
  async offsetsAt(topic: string, partitions: readonly number[], timestamp: number): Promise<Map<number, number>> {
    this.#client.topics.track(topic);
    try {
      // Fails with a clear error when the topic is missing, which listOffsets would not.
      await this.#client.metadata({ topics: [topic] });
      const offsets = await this.#client.listOffsets({
        topics: [topic],
        partitions: { [topic]: [...partitions] },
        timestamp: BigInt(timestamp),
        isolationLevel: this.#settings.isolation === 'read_committed' ? 1 : 0,
      });
      const found = offsets.get(topic) ?? [];
      return new Map(partitions.map((partition) => [partition, Number(found[partition] ?? -1n)]));
    } catch (error) {
      throw this.#connection.error(error, `read offsets of topic "${topic}"`);
    }
  }

  /** Partition numbers of a topic. Rejects with KAFKA_UNKNOWN_TOPIC. */
  async partitionsOf(topic: string): Promise<number[]> {
    try {
      const metadata = await this.#client.metadata({ topics: [topic], forceUpdate: true, retries: 2 });
      const count = metadata.topics.get(topic)?.partitionsCount ?? 0;
      return Array.from({ length: count }, (_, partition) => partition);
    } catch (error) {
      throw this.#connection.error(error, `find topic "${topic}"`);
    }
  }

  /** Whether a partition may be fetched again: half of what it may hold is free. */
  hasRoom({ queuedBytes, queuedRecords }: PartitionFeed): boolean {
    const { partitionQueueBytesMax, partitionQueueRecordsMax } = this.#settings;
    return queuedBytes <= partitionQueueBytesMax / 2 && queuedRecords <= partitionQueueRecordsMax / 2;
  }

  /** Looks for partitions with room and fetches them. Call it after taking records. */
  wake(): void {
    if (this.#isPlanned || this.#isClosed) return;
    this.#isPlanned = true;
    this.#connection.host.clock.soon(() => {
      this.#isPlanned = false;
      void this.#fetchAll();
    });
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    this.#feeds.clear();
    await this.#client.close(true).catch(() => {});
  }

  async #fetchAll(): Promise<void> {
    if (this.#isClosed || this.#feeds.size === 0 || this.#isBackingOff(everyBroker)) return;
    try {
      const topics = [...new Set([...this.#feeds.values()].map((feed) => feed.topic))];
      const metadata = await this.#client.metadata({ topics });
      this.#backOffs.delete(everyBroker);
      for (const [node, { ready, isAnyFull }] of this.#byLeader(metadata)) {
        if (ready.length && !this.#busyNodes.has(node) && !this.#isBackingOff(node))
          void this.#fetchNode(node, ready, isAnyFull, metadata);
      }
    } catch (error) {
      this.#backOff(everyBroker, error);
    }
  }

  #byLeader(metadata: ClusterMetadata): Map<number, { ready: PartitionFeed[]; isAnyFull: boolean }> {
    const nodes = new Map<number, { ready: PartitionFeed[]; isAnyFull: boolean }>();
    for (const feed of this.#feeds.values()) {
      const leader = metadata.topics.get(feed.topic)?.partitions[feed.partition]?.leader ?? -1;
      if (leader < 0) {
        this.#client.clearMetadata();
        this.#backOff(
          noLeader,
          new KafkaError('KAFKA_NO_LEADER', `partition ${feed.topic}-${feed.partition} has no leader`, {
            retriable: true,
          }),
        );
        continue;
      }
      let node = nodes.get(leader);
      if (!node) {
        node = { ready: [], isAnyFull: false };
        nodes.set(leader, node);
      }
      if (this.hasRoom(feed)) node.ready.push(feed);
      else node.isAnyFull = true;
    }
    return nodes;
  }

  async #fetchNode(node: number, feeds: PartitionFeed[], isAnyFull: boolean, metadata: ClusterMetadata): Promise<void> {
    this.#busyNodes.add(node);
    const { fetchMinBytes, fetchWaitMsMax, isolation } = this.#settings;
    const topicOf = new Map([...metadata.topics].map(([name, topic]) => [topic?.id, name]));
    const asked = new Map(feeds.map((feed) => [feed, feed.fetchOffset]));
    try {
      const response = await this.#client.fetch({
        node,
        minBytes: fetchMinBytes,
        maxBytes: responseBytesMax,
        maxWaitTime: isAnyFull ? Math.min(fetchWaitWhilePausedMsMax, fetchWaitMsMax) : fetchWaitMsMax,
        isolationLevel: isolation === 'read_committed' ? 1 : 0,
        topics: this.#requestTopics(feeds, metadata),
      });
      this.#backOffs.delete(node);
      if (this.#deliver(response, topicOf, asked)) this.#onRecords();
    } catch (error) {
      await this.#recover(node, error, topicOf);
    } finally {
      this.#busyNodes.delete(node);
      this.wake();
    }
  }

  #requestTopics(feeds: PartitionFeed[], metadata: ClusterMetadata) {
    const topics = new Map<string, { topicId: string; partitions: RequestPartition[] }>();
    for (const feed of feeds) {
      const topicId = metadata.topics.get(feed.topic)!.id;
      let topic = topics.get(topicId);
      if (!topic) {
        topic = { topicId, partitions: [] };
        topics.set(topicId, topic);
      }
      topic.partitions.push({
        partition: feed.partition,
        currentLeaderEpoch: -1,
        fetchOffset: BigInt(feed.fetchOffset),
        lastFetchedEpoch: -1,
        partitionMaxBytes: this.#settings.partitionFetchBytesMax,
      });
    }
    return [...topics.values()];
  }

  /**
   * Puts a response's records into the feeds. True when a position moved: with records, or past offsets that hold none for us
   * (control batches, compacted away), or a reader that waits for the end of a partition would wait for ever.
   */
  #deliver(
    response: FetchResponse,
    topicOf: ReadonlyMap<string | undefined, string>,
    asked: ReadonlyMap<PartitionFeed, number>,
  ): boolean {
    let isAny = false;
    for (const { topicId, partitions } of response.responses) {
      const topic = topicOf.get(topicId);
      for (const partition of partitions) {
        const feed = this.#feeds.get(`${topic}-${partition.partitionIndex}`);
        // Nobody reads this partition any more, or it was given back and taken anew at another offset while the fetch was out:
        // taking the records then would skip those between.
        if (!feed || !topic || partition.errorCode !== 0 || asked.get(feed) !== feed.fetchOffset) continue;
        const readCommitted = this.#settings.isolation === 'read_committed';
        const { records, nextOffset } = deliverableRecords(topic, partition, feed.fetchOffset, readCommitted);
        if (nextOffset > feed.fetchOffset) isAny = true;
        feed.add(records, nextOffset, Number(readCommitted ? partition.lastStableOffset : partition.highWatermark));
      }
    }
    return isAny;
  }

  /** One partition's error fails the whole call; offsets out of range are put right here, the rest waits and tries again. */
  async #recover(node: number, error: unknown, topicOf: ReadonlyMap<string | undefined, string>): Promise<void> {
    if (this.#isClosed) return;
    if (!hasProtocolError(error, 'OFFSET_OUT_OF_RANGE')) {
      this.#client.clearMetadata();
      this.#backOff(node, error);
      return;
    }
    const response = (error as { response?: FetchResponse }).response;
    for (const { topicId, partitions } of response?.responses ?? []) {
      const topic = topicOf.get(topicId);
      for (const { partitionIndex, errorCode } of partitions) {
        const feed = this.#feeds.get(`${topic}-${partitionIndex}`);
        if (!feed || errorCode !== offsetOutOfRange) continue;
        await this.#reset(feed).catch((failure) => this.#backOff(node, failure));
      }
    }
  }

  async #reset(feed: PartitionFeed): Promise<void> {
    const { startAt } = this.#settings;
    const offsets = await this.offsetsAt(feed.topic, [feed.partition], startAt === 'earliest' ? -2 : -1);
    const offset = offsets.get(feed.partition) ?? 0;
    this.#connection.host.log.warn('offset out of range, reading on elsewhere', {
      topic: feed.topic,
      partition: feed.partition,
      wanted: feed.fetchOffset,
      offset,
      startAt,
    });
    if (this.#feeds.get(`${feed.topic}-${feed.partition}`) === feed) feed.seek(offset);
  }

  #isBackingOff(node: number): boolean {
    return (this.#backOffs.get(node)?.until ?? 0) > this.#connection.host.clock.monotonic();
  }

  /** Leaves one broker alone for a while; the others go on. Warns every few seconds at most. */
  #backOff(node: number, thrown: unknown): void {
    if (this.#isClosed || this.#isBackingOff(node)) return;
    const { clock, log } = this.#connection.host;
    const failures = (this.#backOffs.get(node)?.failures ?? 0) + 1;
    const delayMs = this.#connection.backoffMs(failures);
    this.#backOffs.set(node, { failures, until: clock.monotonic() + delayMs });
    if (clock.monotonic() - this.#warnedAt >= warnIntervalMs) {
      this.#warnedAt = clock.monotonic();
      const error = this.#connection.error(thrown, 'fetch');
      log.warn('fetch failed, trying again', { broker: node, code: error.code, error: error.message, failures });
    }
    // A little later than the end of the pause, whose comparison is exact.
    clock.after(delayMs + 1, () => this.wake());
  }
}

interface RequestPartition {
  partition: number;
  currentLeaderEpoch: number;
  fetchOffset: bigint;
  lastFetchedEpoch: number;
  partitionMaxBytes: number;
}

/** Kafka's error code OFFSET_OUT_OF_RANGE. */
const offsetOutOfRange = 1;
