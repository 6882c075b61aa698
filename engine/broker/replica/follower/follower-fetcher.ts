import type { Cancel, Clock } from '../../../base/clock.ts';
import { messageOf } from '../../../base/errors.ts';
import type { Log } from '../../../base/log.ts';
import type { FetchResponse } from '../../../protocol/schemas/01-fetch.ts';
import { backOffMs } from '../back-off.ts';
import type { Partition } from '../partition.ts';
import type { ReplicaSettings } from '../replica-settings.ts';
import type { ReplicationThrottle } from '../replication-throttle.ts';
import type { FetcherEntry } from './fetcher-entries.ts';
import { FetcherEntries } from './fetcher-entries.ts';
import type { FetchInput } from './fetcher-session.ts';
import { FetcherSession, sessionlessEpoch } from './fetcher-session.ts';
import { applyFetched } from './follower-apply.ts';

/** First wait after a failure, in ms; it doubles up to `replicaFetchBackoffMs`. */
const backOffMinMs = 10;
/** Refusals in a row that are nothing to report. */
const quietFailuresMax = 5;

/** A replica that is held back looks this often whether it may go on: the rate may have been raised, in ms. */
const throttleLookMs = 1_000;

export type FetchFrom = (brokerId: number, request: FetchInput) => Promise<FetchResponse>;

export interface FollowerFetcherOptions {
  readonly leaderId: number;
  readonly localId: number;
  readonly brokerEpoch: () => number;
  readonly clock: Clock;
  readonly log: Log;
  readonly settings: ReplicaSettings;
  readonly fetchFrom: FetchFrom;
  /** Holds back replicas here that are not in sync. */
  readonly throttle: ReplicationThrottle;
}

/**
 * The fetch loop from one leader: one request at a time in one fetch session, for all partitions that this broker
 * follows there. Rows are applied in the order of the response; the next request leaves when all are. A partition that
 * is refused waits on its own; the others go on.
 */
export class FollowerFetcher {
  readonly #options: FollowerFetcherOptions;
  readonly #entries = new FetcherEntries();
  readonly #session = new FetcherSession();
  #isFetching = false;
  #isNudging = false;
  #isScheduled = false;
  #isStopped = false;
  #failures = 0;
  #cancelRetry: Cancel | undefined;
  #retryDueMs = Number.POSITIVE_INFINITY;

  constructor(options: FollowerFetcherOptions) {
    this.#options = options;
  }

  get size(): number {
    return this.#entries.size;
  }

  /** Fetches the partition from now on, in its present leader epoch. */
  add(partition: Partition): void {
    this.#entries.add(partition);
    this.#schedule();
  }

  remove(partition: Partition): void {
    this.#entries.remove(partition);
  }

  /** Ends the loop; an answer that is under way is dropped. */
  stop(): void {
    this.#isStopped = true;
    this.#entries.clear();
    this.#cancelRetry?.();
  }

  /** Additions of one turn share one request. */
  #schedule(): void {
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    this.#options.clock.soon(() => {
      this.#isScheduled = false;
      if (this.#isFetching) this.#nudge();
      else this.#fetch();
    });
  }

  #fetch(): void {
    if (this.#isStopped || this.#isFetching) return;
    const nowMs = this.#options.clock.monotonic();
    const canAsk = this.#entries.hasAny(nowMs);
    const { settings, leaderId, fetchFrom } = this.#options;
    if (!canAsk) {
      this.#retryAt(this.#entries.nextRetryAtMs);
      return;
    }
    this.#isFetching = true;
    if (this.#session.isFull) this.#entries.restart();
    const { changed, forgotten } = this.#entries.take(nowMs, settings.replicaFetchMaxBytes);
    const request: FetchInput = {
      replicaState: this.#replicaState(),
      maxWaitMs: settings.replicaFetchWaitMaxMs,
      minBytes: settings.replicaFetchMinBytes,
      maxBytes: settings.replicaFetchResponseMaxBytes,
      ...this.#session.build(changed, forgotten),
    };
    this.#retryAt(this.#entries.nextRetryAtMs);
    fetchFrom(leaderId, request).then(
      (response) => this.#answered(response),
      (error: unknown) => this.#failed(messageOf(error)),
    );
  }

  #replicaState() {
    return { replicaId: this.#options.localId, replicaEpoch: this.#options.brokerEpoch() };
  }

  #answered(response: FetchResponse): void {
    if (this.#isStopped) return;
    if (!this.#session.accept(response)) {
      this.#failed(`error code ${response.errorCode}`);
      return;
    }
    this.#failures = 0;
    this.#isFetching = false;
    for (const topic of response.responses) for (const row of topic.partitions) this.#apply(topic.topicId, row);
    this.#fetch();
  }

  #apply(topicId: string, row: FetchResponse['responses'][number]['partitions'][number]): void {
    const entry = this.#entries.get(topicId, row.partitionIndex);
    if (!entry || entry.sentEpoch === -1) return;
    const sent = { fetchOffset: entry.sentOffset, leaderEpoch: entry.sentEpoch };
    const applied = applyFetched(entry.partition, row, sent, this.#options.log);
    if (applied === 'refused' || applied === 'unwritable')
      this.#refused(entry, row.errorCode, applied === 'unwritable');
    else {
      this.#entries.touch(entry);
      if (this.#options.throttle.isActive) this.#holdBack(entry, row.records?.length ?? 0);
    }
  }

  /** A listed replica that is behind leaves the session for as long as enough has been taken. */
  #holdBack(entry: FetcherEntry, bytes: number): void {
    const { throttle, localId, clock } = this.#options;
    const { topic, partition, role } = entry.partition;
    if (!throttle.isListed(topic, partition)) return;
    throttle.record(bytes);
    const waitMs = role?.isr.includes(localId) ? 0 : throttle.waitMs();
    if (waitMs > 0) this.#entries.postpone(entry, clock.monotonic() + Math.min(waitMs, throttleLookMs));
  }

  /** The partition leaves the session until its wait is over; the others go on. */
  #refused(entry: FetcherEntry, code: number, isKnown: boolean): void {
    entry.failures++;
    const maxMs = this.#options.settings.replicaFetchBackoffMs;
    const waitMs = backOffMs(entry.failures, { minMs: backOffMinMs, maxMs });
    this.#entries.postpone(entry, this.#options.clock.monotonic() + waitMs);
    const partition = entry.partition.key;
    const fields = { partition, leader: this.#options.leaderId, errorCode: code, waitMs };
    // After an election or a new topic leader and followers hear of it at different times: that is no news.
    if (entry.failures > quietFailuresMax && !isKnown) this.#options.log.info('a fetch is refused', fields);
    else this.#options.log.debug('a fetch is refused', fields);
  }

  /** No answer: the leader is down or unreachable, or it does not know the session. */
  #failed(reason: string): void {
    if (this.#isStopped) return;
    this.#session.reset();
    this.#failures++;
    const maxMs = this.#options.settings.replicaFetchBackoffMs;
    const waitMs = backOffMs(this.#failures, { minMs: backOffMinMs, maxMs });
    this.#options.log.info('cannot fetch', { leader: this.#options.leaderId, reason, waitMs });
    this.#options.clock.after(waitMs, () => {
      this.#isFetching = false;
      this.#fetch();
    });
  }

  #retryAt(dueMs: number): void {
    if (dueMs >= this.#retryDueMs || this.#isStopped) return;
    this.#cancelRetry?.();
    this.#retryDueMs = dueMs;
    this.#cancelRetry = this.#options.clock.after(dueMs - this.#options.clock.monotonic(), () => {
      this.#retryDueMs = Number.POSITIVE_INFINITY;
      this.#schedule();
    });
  }

  /**
   * A long poll that does not name a new partition would hold it up for its whole wait. An empty fetch of the same
   * replica makes the leader answer the parked one, and the next request names everything.
   */
  #nudge(): void {
    if (this.#isStopped || this.#isNudging) return;
    this.#isNudging = true;
    const done = () => {
      this.#isNudging = false;
    };
    const request: FetchInput = {
      replicaState: this.#replicaState(),
      maxWaitMs: 0,
      minBytes: 0,
      sessionId: 0,
      sessionEpoch: sessionlessEpoch,
      topics: [],
      forgottenTopicsData: [],
    };
    this.#options.fetchFrom(this.#options.leaderId, request).then(done, done);
  }
}
