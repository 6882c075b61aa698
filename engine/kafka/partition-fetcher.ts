import { MillraceError } from '../base/errors.ts';
import { apis } from '../protocol/api-keys.ts';
import { errorCode } from '../protocol/error-codes.ts';
import type { FetchResponse } from '../protocol/schemas/01-fetch.ts';
import { zeroUuid } from '../protocol/uuid.ts';
import type { KafkaConnection } from './connection.ts';
import type { FetchedRow } from './consumer/fetch-request.ts';
import { fetchRequestOf, rowsOf } from './consumer/fetch-request.ts';
import { FetchSession } from './consumer/fetch-session.ts';
import type { FetchSettings } from './consumer/fetch-settings.ts';
import { fetchWaitWhilePausedMsMax } from './consumer/fetch-settings.ts';
import { FetchSource } from './consumer/fetch-source.ts';
import { FetchedBatches } from './consumer/fetched-batches.ts';
import {
  earliestTimestamp,
  latestTimestamp,
  listOffsets,
  missingPartition,
  noLeader,
  partitionKey,
  unknownTopic,
} from './consumer/list-offsets.ts';
import { MissingTopics } from './consumer/missing-topics.ts';
import type { PartitionFeed } from './consumer/partition-feed.ts';
import { leadershipErrors, sessionErrors, topicErrors } from './consumer/row-errors.ts';
import { whileItHelps } from './consumer/while-it-helps.ts';
import { KafkaError, protocolFault, WireFault } from './kafka-error.ts';
import { ClusterClient } from './wire/cluster-client.ts';
import type { TopicView } from './wire/topic-view.ts';

export type { FetchSettings } from './consumer/fetch-settings.ts';
export { fetchDefaults } from './consumer/fetch-settings.ts';

/** What a fetcher tells besides records. */
export interface FetchListener {
  /** A feed was emptied and reads on at another offset: what was handed out before is of another history. */
  moved?(feed: PartitionFeed): void;
  /** One partition, topic or broker cannot be read for now; all others go on. Told once, until it works again. */
  trouble?(error: MillraceError): void;
  /** A bug: reading has stopped for good. Without a listener it is thrown where nobody catches it. */
  failed?(error: unknown): void;
}

/** Failures in a row that are weather (an election, a broker that starts) and not told. */
const quietFailuresMax = 6;
const warnIntervalMs = 5_000;

/** What a broker, or finding out who leads, failed at. */
interface BackOff {
  readonly failures: number;
  readonly until: number;
}

/** Stands for "who leads what" among the brokers that are left alone for a while. */
const everyBroker = -1;

/**
 * Keeps the feeds of a set of partitions filled: one fetch under way per broker, on sockets of its own, so that a long poll
 * holds up no heartbeat. What goes wrong with one partition, topic or broker is its own: the rest goes on. Memory per partition
 * is bounded by `partitionQueueBytesMax` plus one response.
 */
export class PartitionFetcher {
  readonly #connection: KafkaConnection;
  readonly #settings: FetchSettings;
  readonly #onRecords: () => void;
  readonly #listener: FetchListener;
  readonly #client: ClusterClient;
  readonly #ownsClient: boolean;
  readonly #sources = new Map<string, FetchSource>();
  readonly #feeds = new Map<string, PartitionFeed>();
  readonly #busyNodes = new Set<number>();
  readonly #sessions = new Map<number, FetchSession>();
  readonly #backOffs = new Map<number, BackOff>();
  readonly #missing: MissingTopics;
  readonly #abort = new AbortController();
  readonly #unwatch: () => void;
  #isAsking = false;
  #isPlanned = false;
  #turn = 0;
  #warnedAt = Number.NEGATIVE_INFINITY;

  constructor(
    connection: KafkaConnection,
    settings: FetchSettings,
    onRecords: () => void,
    { listener = {}, client }: { readonly listener?: FetchListener; readonly client?: ClusterClient } = {},
  ) {
    this.#connection = connection;
    this.#settings = settings;
    this.#onRecords = onRecords;
    this.#listener = listener;
    this.#ownsClient = client === undefined;
    this.#client = client ?? new ClusterClient(connection, { clientIdSuffix: 'fetch' });
    this.#missing = new MissingTopics(connection);
    this.#unwatch = this.#client.metadata.onChange(() => this.wake());
  }

  get feeds(): ReadonlyMap<string, PartitionFeed> {
    return this.#feeds;
  }

  /** Starts to fetch a partition and returns its feed. Replaces a feed of the same partition. */
  add(topic: string, partition: number, offset: number): PartitionFeed {
    const source = new FetchSource(topic, partition, offset, () => this.wake());
    this.#sources.set(partitionKey(topic, partition), source);
    this.#feeds.set(partitionKey(topic, partition), source.feed);
    this.wake();
    return source.feed;
  }

  /** Stops fetching a partition; a response under way for it is ignored. */
  remove(topic: string, partition: number): void {
    this.#sources.delete(partitionKey(topic, partition));
    this.#feeds.delete(partitionKey(topic, partition));
  }

  /**
   * First or next offset of partitions: -2 earliest, -1 latest, else the first record at or after that time (-1: none). Tries
   * again while that may help, for about ten seconds. Rejects with KAFKA_UNKNOWN_TOPIC, KAFKA_CONNECT_FAILED, ...
   */
  async offsetsAt(topic: string, partitions: readonly number[], timestamp: number): Promise<Map<number, number>> {
    const wanted = partitions.map((partition) => ({ topic, partition, timestamp }));
    const { signal } = this.#abort;
    return whileItHelps(this.#connection, `read offsets of topic "${topic}"`, signal, async () => {
      const found = await listOffsets(this.#client, wanted, this.#settings.isolation, signal);
      const offsets = new Map<number, number>();
      for (const partition of partitions) {
        const outcome = found.get(partitionKey(topic, partition)) ?? noLeader({ topic, partition });
        if (outcome instanceof KafkaError) throw outcome;
        offsets.set(partition, outcome);
      }
      return offsets;
    });
  }

  /** Partition numbers of a topic. Rejects with KAFKA_UNKNOWN_TOPIC. */
  async partitionsOf(topic: string): Promise<number[]> {
    const view = await whileItHelps(this.#connection, `find topic "${topic}"`, this.#abort.signal, async () => {
      const found = (await this.#client.metadata.require([topic], { fresh: true })).get(topic) ?? unknownTopic(topic);
      if (found instanceof KafkaError) throw found;
      return found;
    });
    return view.partitions.map((_, partition) => partition);
  }

  /** Whether a partition may be fetched again: half of what it may hold is free. */
  hasRoom({ queuedBytes, queuedRecords }: PartitionFeed): boolean {
    const { partitionQueueBytesMax, partitionQueueRecordsMax } = this.#settings;
    return queuedBytes <= partitionQueueBytesMax / 2 && queuedRecords <= partitionQueueRecordsMax / 2;
  }

  /** Call it after taking a record: fetches on at once when there is room again, so that the broker works while we do. */
  taken(feed: PartitionFeed): void {
    if (!feed.isFull || !this.hasRoom(feed)) return;
    feed.isFull = false;
    if (!this.#isClosed) this.#guarded(() => this.#round());
  }

  /** Looks for partitions with room and fetches them. */
  wake(): void {
    if (this.#isPlanned || this.#isClosed) return;
    this.#isPlanned = true;
    this.#connection.host.clock.soon(() => {
      this.#isPlanned = false;
      this.#guarded(() => this.#round());
    });
  }

  async close(): Promise<void> {
    this.#abort.abort();
    this.#unwatch();
    this.#sources.clear();
    this.#feeds.clear();
    if (this.#ownsClient) await this.#client.close();
  }

  get #isClosed(): boolean {
    return this.#abort.signal.aborted;
  }

  get #now(): number {
    return this.#connection.host.clock.monotonic();
  }

  #round(): void {
    if (this.#isClosed || this.#sources.size === 0) return;
    const unknown = new Set<string>();
    const byNode = new Map<number, { ready: FetchSource[]; isAnyFull: boolean }>();
    for (const source of this.#sources.values()) {
      const view = this.#missing.has(source.feed.topic) ? undefined : this.#client.metadata.topic(source.feed.topic);
      if (!view) unknown.add(source.feed.topic);
      else this.#place(source, view, byNode);
    }
    if (unknown.size) void this.#lookFor([...unknown]);
    for (const [node, { ready, isAnyFull }] of byNode) {
      if (!ready.length || this.#busyNodes.has(node) || this.#isBackingOff(node)) continue;
      void this.#fetchNode(node, ready, isAnyFull);
    }
  }

  /** Puts a partition that is to be fetched now under its broker. */
  #place(
    source: FetchSource,
    view: TopicView,
    byNode: Map<number, { ready: FetchSource[]; isAnyFull: boolean }>,
  ): void {
    const { feed } = source;
    if (source.isMoving || feed.isPaused) return;
    if (feed.failure && feed.failure !== source.damage) {
      source.damage = feed.failure;
      this.#rowFailed(source, feed.failure);
    }
    const partition = view.partitions[feed.partition];
    if (source.notBefore > this.#now && source.failedAt === this.#leaderOf(feed)) return;
    if (this.#isAnotherTopic(source, view)) return;
    if (!partition || partition.leader < 0) {
      this.#client.metadata.stale('a partition has no leader');
      this.#rowFailed(source, partition ? noLeader(feed) : missingPartition(feed, view.partitions.length));
      return;
    }
    const replica = source.replica && source.replica.until > this.#now ? source.replica.id : undefined;
    const at = replica ?? partition.leader;
    let node = byNode.get(at);
    if (!node) {
      node = { ready: [], isAnyFull: false };
      byNode.set(at, node);
    }
    if (this.hasRoom(feed)) node.ready.push(source);
    else node.isAnyFull = true;
  }

  /** Whether the topic was deleted and made anew; its partitions are then read from their beginning. */
  #isAnotherTopic(source: FetchSource, view: TopicView): boolean {
    source.topicId ??= view.id;
    if (source.topicId === view.id || view.id === zeroUuid) return false;
    if (source.formerIds.has(view.id)) {
      const what = `a broker told of topic "${source.feed.topic}" as it was before`;
      this.#client.metadata.stale(what);
      this.#rowFailed(source, new WireFault('KAFKA_UNKNOWN_TOPIC_ID', what, { retriable: true }));
      return true;
    }
    // What was fetched of the old one is handed out first.
    if (source.feed.queuedRecords > 0) return true;
    if (!view.partitions[source.feed.partition]) return false;
    void this.#move(source, earliestTimestamp, 'topic was made anew, reading it from its beginning', view.id);
    return true;
  }

  /** Asks for topics that nothing is known of, or that were not there. */
  async #lookFor(names: readonly string[]): Promise<void> {
    const due = names.filter((name) => this.#missing.isDue(name));
    if (!due.length || this.#isAsking || this.#isBackingOff(everyBroker)) return;
    this.#isAsking = true;
    try {
      const found = await this.#client.metadata.require(due, { fresh: due.some((name) => this.#missing.has(name)) });
      this.#backOffs.delete(everyBroker);
      for (const name of due) {
        const view = found.get(name) ?? unknownTopic(name);
        const told = view instanceof KafkaError ? this.#missing.notFound(name, view, () => this.wake()) : undefined;
        if (told) this.#listener.trouble?.(told);
        if (!(view instanceof KafkaError)) this.#missing.found(name);
      }
    } catch (error) {
      this.#backOff(everyBroker, error);
    } finally {
      this.#isAsking = false;
      this.wake();
    }
  }

  async #fetchNode(node: number, sources: readonly FetchSource[], isAnyFull: boolean): Promise<void> {
    this.#busyNodes.add(node);
    const { fetchWaitMsMax } = this.#settings;
    // Brokers fill a response in the order asked: turning it gives each partition its share.
    const turned = this.#turn++ % sources.length;
    const asked = [...sources.slice(turned), ...sources.slice(0, turned)].map((source) => ({
      source,
      offset: source.feed.fetchOffset,
      view: this.#client.metadata.topic(source.feed.topic)!,
    }));
    const waitMs = isAnyFull ? Math.min(fetchWaitWhilePausedMsMax, fetchWaitMsMax) : fetchWaitMsMax;
    const session = this.#sessionWith(node);
    const body = fetchRequestOf(this.#settings, session.next(asked), waitMs);
    let isAny = false;
    try {
      const response = await this.#client.request(node, apis.fetch, body, {
        lane: 'fetch',
        timeoutMs: waitMs + (this.#connection.settings.requestTimeoutMs ?? 30_000),
        signal: this.#abort.signal,
      });
      if (sessionErrors.has(response.errorCode)) session.reset();
      else if (response.errorCode !== errorCode.NONE) throw protocolFault(response.errorCode);
      else session.answered(response.sessionId);
      this.#backOffs.delete(node);
      isAny = this.#deliver(node, response, rowsOf(response, asked));
    } catch (error) {
      session.reset();
      this.#client.metadata.stale(`fetch from broker ${node} failed`);
      for (const source of sources) source.replica = undefined;
      this.#backOff(node, error);
    }
    // Before the records are told of: whoever takes them may have the next ones fetched meanwhile.
    this.#busyNodes.delete(node);
    if (isAny) this.#guarded(() => this.#onRecords());
    this.wake();
  }

  #sessionWith(node: number): FetchSession {
    const known = this.#sessions.get(node);
    if (known) return known;
    const session = new FetchSession();
    this.#sessions.set(node, session);
    return session;
  }

  /**
   * Puts a response's records into the feeds. True when a position moved: with records, or past offsets that hold none for us
   * (control batches, compacted away), or a reader that waits for the end of a partition would wait for ever.
   */
  #deliver(node: number, response: FetchResponse, rows: readonly FetchedRow[]): boolean {
    let isAny = false;
    for (const { source, offset, row } of rows) {
      const { feed } = source;
      // Nobody reads this partition any more, or it was given back and taken anew at another offset while the fetch was out:
      // taking the records then would skip those between.
      if (this.#feeds.get(partitionKey(feed.topic, feed.partition)) !== feed || offset !== feed.fetchOffset) continue;
      if (row.errorCode === errorCode.NONE) isAny = this.#accept(source, row) || isAny;
      else this.#refused(node, source, row, response);
    }
    return isAny;
  }

  #accept(source: FetchSource, row: FetchedRow['row']): boolean {
    const { feed } = source;
    if (row.preferredReadReplica >= 0) {
      const until = this.#now + (this.#connection.settings.metadataMaxAgeMs ?? 300_000);
      source.replica = { id: row.preferredReadReplica, until };
    }
    const readCommitted = this.#settings.isolation === 'read_committed';
    const end = readCommitted ? row.lastStableOffset : row.highWatermark;
    const before = feed.position;
    const batches = new FetchedBatches({
      topic: feed.topic,
      partition: feed.partition,
      records: row.records ?? noBytes,
      fromOffset: feed.fetchOffset,
      aborted: readCommitted ? (row.abortedTransactions ?? []) : undefined,
    });
    const hasNext = batches.hasNext;
    feed.add(batches, end);
    feed.isFull = !this.hasRoom(feed);
    if (!feed.failure && source.worked()) this.#connection.host.log.info('reading a partition again', placeOf(feed));
    return hasNext || feed.position > before || feed.failure !== undefined;
  }

  #refused(node: number, source: FetchSource, row: FetchedRow['row'], response: FetchResponse): void {
    const { feed } = source;
    const { metadata } = this.#client;
    const isFollower = source.replica !== undefined;
    source.replica = undefined;
    if (row.errorCode === errorCode.OFFSET_OUT_OF_RANGE) {
      // A follower that lags does not have what the leader has: the leader is asked before anything is skipped.
      if (!isFollower) void this.#outOfRange(source);
      return;
    }
    const error = protocolFault(row.errorCode);
    const { leaderId, leaderEpoch } = row.currentLeader;
    if (topicErrors.has(row.errorCode)) this.#missing.suspect(feed.topic);
    else if (leadershipErrors.has(row.errorCode) && leaderId >= 0 && leaderId !== node) {
      const endpoint = response.nodeEndpoints.find(({ nodeId }) => nodeId === leaderId);
      metadata.noteLeader(feed.topic, feed.partition, leaderId, leaderEpoch, endpoint);
    } else metadata.stale(error.message);
    // A hint that changed the leader is followed at once.
    if (metadata.topic(feed.topic)?.partitions[feed.partition]?.leader === node) this.#rowFailed(source, error);
  }

  async #outOfRange(source: FetchSource): Promise<void> {
    // What was fetched before is handed out first.
    if (source.feed.queuedRecords > 0) {
      source.failed(this.#now + this.#connection.backoffMs(1), this.#leaderOf(source.feed));
      return;
    }
    const at = this.#settings.startAt === 'earliest' ? earliestTimestamp : latestTimestamp;
    await this.#move(source, at, 'offset out of range, reading on elsewhere');
  }

  /** Finds the offset to go on at and goes on there; for a topic made anew, `topicId` is its new id. */
  async #move(source: FetchSource, timestamp: number, what: string, topicId?: string): Promise<void> {
    const { feed } = source;
    const { topic, partition } = feed;
    const key = partitionKey(topic, partition);
    source.isMoving = true;
    try {
      const wanted = [{ topic, partition, timestamp }];
      const found = (await listOffsets(this.#client, wanted, this.#settings.isolation, this.#abort.signal)).get(key);
      if (this.#feeds.get(key) !== feed) return;
      if (typeof found !== 'number') {
        this.#rowFailed(source, found ?? noLeader(feed));
        return;
      }
      const { startAt } = this.#settings;
      this.#connection.host.log.warn(what, { topic, partition, wanted: feed.fetchOffset, offset: found, startAt });
      const isBack = topicId !== undefined || found < feed.position;
      if (topicId !== undefined) {
        source.formerIds.add(source.topicId!);
        source.topicId = topicId;
      }
      feed.seek(found);
      if (isBack) this.#listener.moved?.(feed);
      this.#onRecords();
    } catch (error) {
      this.#backOff(everyBroker, error);
    } finally {
      source.isMoving = false;
      this.wake();
    }
  }

  /** Broker and epoch that lead a partition now: with another one there is no reason to go on waiting. */
  #leaderOf({ topic, partition }: PartitionFeed): string {
    const view = this.#client.metadata.topic(topic)?.partitions[partition];
    return view ? `${view.leader}@${view.leaderEpoch}` : 'none';
  }

  #isBackingOff(node: number): boolean {
    return (this.#backOffs.get(node)?.until ?? 0) > this.#now;
  }

  /** Leaves one partition alone for a while. Elections are told only when they last. */
  #rowFailed(source: FetchSource, thrown: MillraceError): void {
    const delayMs = this.#connection.backoffMs(source.failures + 1);
    source.failed(this.#now + delayMs, this.#leaderOf(source.feed));
    this.#connection.host.clock.after(delayMs + 1, () => this.wake());
    const isWeather = thrown.retriable && thrown.code !== 'KAFKA_CORRUPT_BATCH';
    if ((isWeather && source.failures < quietFailuresMax) || !source.tells(thrown)) return;
    const { topic, partition } = source.feed;
    const error = this.#connection.error(thrown, `read partition ${partition} of topic "${topic}"`);
    const facts = { topic, partition, code: error.code, error: error.message };
    this.#connection.host.log.error('partition cannot be read, the others go on', facts);
    this.#listener.trouble?.(error);
  }

  /** Leaves one broker alone for a while; the others go on. Warns every few seconds at most. */
  #backOff(node: number, thrown: unknown): void {
    if (this.#isClosed) return;
    if (!(thrown instanceof MillraceError)) {
      this.#bug(thrown);
      return;
    }
    if (this.#isBackingOff(node)) return;
    const { clock, log } = this.#connection.host;
    const failures = (this.#backOffs.get(node)?.failures ?? 0) + 1;
    const delayMs = this.#connection.backoffMs(failures);
    this.#backOffs.set(node, { failures, until: this.#now + delayMs });
    if (this.#now - this.#warnedAt >= warnIntervalMs) {
      this.#warnedAt = this.#now;
      const error = this.#connection.error(thrown, 'fetch');
      log.warn('fetch failed, trying again', { broker: node, code: error.code, error: error.message, failures });
    }
    // A little later than the end of the pause, whose comparison is exact.
    clock.after(delayMs + 1, () => this.wake());
  }

  #guarded(call: () => void): void {
    try {
      call();
    } catch (error) {
      this.#bug(error);
    }
  }

  /** A broken invariant is no weather: reading ends, and its owner hears of it. */
  #bug(error: unknown): void {
    this.#abort.abort();
    if (!this.#listener.failed) throw error;
    this.#listener.failed(error);
  }
}

const noBytes = Buffer.alloc(0);

function placeOf({ topic, partition, position }: PartitionFeed) {
  return { topic, partition, offset: position };
}
