import type { FetchTarget } from '../fetch-target.ts';
import type { Partition } from '../partition.ts';
import type { ForgottenTarget } from './fetcher-session.ts';

/** One partition of a fetch loop; a new object each time it is added, so that late answers are recognised. */
export interface FetcherEntry {
  readonly partition: Partition;
  failures: number;
  /** Not to be asked for before this monotonic time, in ms; 0: now. */
  retryAtMs: number;
  /** What the leader was asked for last; epoch -1: nothing in this entry's time. */
  sentOffset: number;
  sentStart: number;
  sentEpoch: number;
  sentLastEpoch: number;
  /** The leader's session holds the partition. */
  isInSession: boolean;
}

/**
 * The partitions of a fetch loop, and what has to be said of them in the next request. Only partitions that changed are
 * touched by a request: most of a big session is at rest.
 */
export class FetcherEntries {
  readonly #entries = new Map<string, FetcherEntry>();
  readonly #changed = new Set<FetcherEntry>();
  readonly #waiting = new Set<FetcherEntry>();
  readonly #forgotten = new Map<string, ForgottenTarget>();

  get size(): number {
    return this.#entries.size;
  }

  get(topicId: string, partition: number): FetcherEntry | undefined {
    return this.#entries.get(keyOf(topicId, partition));
  }

  /** Adds a partition, or starts anew with one that is there. */
  add(partition: Partition): void {
    this.remove(partition);
    const sent = { sentOffset: -1, sentStart: -1, sentEpoch: -1, sentLastEpoch: -1 };
    const entry = { partition, failures: 0, retryAtMs: 0, isInSession: false, ...sent };
    this.#entries.set(keyOf(partition.topicId, partition.partition), entry);
    this.#changed.add(entry);
  }

  remove(partition: Partition): void {
    const entry = this.get(partition.topicId, partition.partition);
    if (!entry) return;
    this.#leaveSession(entry);
    this.#entries.delete(keyOf(partition.topicId, partition.partition));
    this.#changed.delete(entry);
    this.#waiting.delete(entry);
  }

  /** The partition may have moved: if it did, the next request says so. */
  touch(entry: FetcherEntry): void {
    const { log } = entry.partition;
    entry.failures = 0;
    const isSaid = log.endOffset === entry.sentOffset && log.startOffset === entry.sentStart;
    if (!isSaid || log.latestEpoch !== entry.sentLastEpoch) this.#changed.add(entry);
  }

  /** Takes the partition out of the requests until `retryAtMs`. */
  postpone(entry: FetcherEntry, retryAtMs: number): void {
    entry.retryAtMs = retryAtMs;
    entry.sentEpoch = -1;
    this.#leaveSession(entry);
    this.#changed.delete(entry);
    this.#waiting.add(entry);
  }

  /** The session is gone: everything has to be said again. */
  restart(): void {
    this.#forgotten.clear();
    for (const entry of this.#entries.values()) {
      entry.isInSession = false;
      if (!this.#waiting.has(entry)) this.#changed.add(entry);
    }
  }

  clear(): void {
    this.#entries.clear();
    this.#changed.clear();
    this.#waiting.clear();
    this.#forgotten.clear();
  }

  /** When the first postponed partition is due; infinite when there is none. */
  get nextRetryAtMs(): number {
    let earliestMs = Number.POSITIVE_INFINITY;
    for (const { retryAtMs } of this.#waiting) earliestMs = Math.min(earliestMs, retryAtMs);
    return earliestMs;
  }

  /** Whether a request would ask for anything at `nowMs`. */
  hasAny(nowMs: number): boolean {
    return this.#entries.size > this.#waiting.size || this.nextRetryAtMs <= nowMs;
  }

  /** What the next request says; it counts as said from here on. */
  take(nowMs: number, maxBytes: number): { changed: FetchTarget[]; forgotten: ForgottenTarget[] } {
    for (const entry of this.#waiting) {
      if (entry.retryAtMs > nowMs) continue;
      this.#waiting.delete(entry);
      this.#changed.add(entry);
    }
    const changed = Array.from(this.#changed, (entry) => targetOf(entry, maxBytes));
    const forgotten = [...this.#forgotten.values()];
    this.#changed.clear();
    this.#forgotten.clear();
    return { changed, forgotten };
  }

  #leaveSession(entry: FetcherEntry): void {
    if (!entry.isInSession) return;
    entry.isInSession = false;
    const { topic, topicId, partition } = entry.partition;
    this.#forgotten.set(keyOf(topicId, partition), { topic, topicId, partition });
  }
}

function targetOf(entry: FetcherEntry, maxBytes: number): FetchTarget {
  const { topic, topicId, partition, role, log } = entry.partition;
  entry.sentOffset = log.endOffset;
  entry.sentStart = log.startOffset;
  entry.sentEpoch = role?.leaderEpoch ?? -1;
  entry.sentLastEpoch = log.latestEpoch;
  entry.isInSession = true;
  return {
    topic,
    topicId,
    partition,
    fetchOffset: entry.sentOffset,
    currentLeaderEpoch: entry.sentEpoch,
    lastFetchedEpoch: entry.sentLastEpoch,
    logStartOffset: entry.sentStart,
    maxBytes,
    told: undefined,
  };
}

function keyOf(topicId: string, partition: number): string {
  return `${topicId}-${partition}`;
}
