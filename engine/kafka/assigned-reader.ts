import type { KafkaConnection } from './connection.ts';
import type { PartitionFeed } from './consumer/partition-feed.ts';
import type { FetchSettings } from './partition-fetcher.ts';
import { fetchDefaults, PartitionFetcher } from './partition-fetcher.ts';
import type { ReceivedRecord } from './received-record.ts';

/** Where an assigned reader begins in every partition. */
export type ReadFrom =
  | { readonly kind: 'earliest' }
  | { readonly kind: 'latest' }
  /** The last `count` offsets of each partition. */
  | { readonly kind: 'last'; readonly count: number }
  | { readonly kind: 'offset'; readonly offset: number }
  /** The first record at or after this time (milliseconds since 1970). */
  | { readonly kind: 'time'; readonly timestampMs: number };

/** What an assigned reader reads. */
export interface ReadSettings extends FetchSettings {
  readonly topic: string;
  /** All of them when left out. */
  readonly partitions?: readonly number[] | undefined;
  readonly from: ReadFrom;
  /** Reads what was there at the start, or at the last `seek`, and no more. */
  readonly untilEnd?: boolean | undefined;
}

/**
 * Reads partitions without a group: browsing, `millrace receive`, tests. Nothing is committed. Records come partition by
 * partition in turn; call `next` until it gives undefined, then wait for `onRecords`.
 */
export class AssignedReader {
  readonly #fetcher: PartitionFetcher;
  readonly #settings: ReadSettings;
  readonly #ends = new Map<number, number>();
  readonly #paused = new Set<number>();
  #bug: { readonly error: unknown } | undefined;
  #order: readonly PartitionFeed[] = [];
  #turn = 0;

  constructor(
    connection: KafkaConnection,
    settings: Partial<FetchSettings> & Pick<ReadSettings, 'topic' | 'partitions' | 'from' | 'untilEnd'>,
    onRecords: () => void,
  ) {
    this.#settings = { ...fetchDefaults, ...settings };
    const failed = (error: unknown) => {
      this.#bug = { error };
      onRecords();
    };
    this.#fetcher = new PartitionFetcher(connection, this.#settings, onRecords, { listener: { failed } });
  }

  /** Finds the partitions and their offsets and begins to fetch. Rejects with KAFKA_UNKNOWN_TOPIC, KAFKA_CONNECT_FAILED, ... */
  async start(): Promise<void> {
    const { topic, from } = this.#settings;
    await this.seek(from, this.#settings.partitions ?? (await this.#fetcher.partitionsOf(topic)));
  }

  /** Reads on from another place, in these partitions or in all that are read. What is queued of them is dropped. */
  async seek(from: ReadFrom, partitions: readonly number[] = [...this.#ends.keys()]): Promise<void> {
    const { topic } = this.#settings;
    const [earliest, latest, timed] = await Promise.all([
      this.#fetcher.offsetsAt(topic, partitions, -2),
      this.#fetcher.offsetsAt(topic, partitions, -1),
      from.kind === 'time' ? this.#fetcher.offsetsAt(topic, partitions, from.timestampMs) : undefined,
    ]);
    for (const partition of partitions) {
      const first = earliest.get(partition) ?? 0;
      const end = latest.get(partition) ?? 0;
      this.#ends.set(partition, end);
      const feed = this.#fetcher.add(topic, partition, startOffset(from, first, end, timed?.get(partition)));
      feed.isPaused = this.#paused.has(partition);
    }
    this.#order = [...this.#fetcher.feeds.values()];
  }

  /** Fetches nothing more of these partitions until `resume`; what is queued can still be taken. */
  pause(partitions: readonly number[]): void {
    for (const partition of partitions) this.#setPaused(partition, true);
  }

  resume(partitions: readonly number[]): void {
    for (const partition of partitions) this.#setPaused(partition, false);
    this.#fetcher.wake();
  }

  /**
   * The next record, or undefined when none has arrived. When nothing else is left to give, throws KAFKA_CORRUPT_BATCH for a
   * partition that cannot be read on.
   */
  next(): ReceivedRecord | undefined {
    if (this.#bug) throw this.#bug.error;
    const feeds = this.#order;
    for (let tried = 0; tried < feeds.length; tried++) {
      const feed = feeds[(this.#turn + tried) % feeds.length]!;
      const record = this.#isAtEnd(feed) ? undefined : feed.take();
      if (!record) continue;
      if (this.#settings.untilEnd && record.offset >= this.#endOf(feed)) {
        // Its batch went on behind the end; the position is past it now, which is all that counts.
        continue;
      }
      this.#turn = (this.#turn + tried + 1) % feeds.length;
      this.#fetcher.taken(feed);
      return record;
    }
    const damaged = feeds.find((feed) => feed.failure && !this.#isAtEnd(feed));
    if (damaged) throw damaged.failure!;
    return undefined;
  }

  /** True when everything that was in the partitions at the start has been taken. */
  get isPastStart(): boolean {
    for (const feed of this.#fetcher.feeds.values()) if (feed.position < this.#endOf(feed)) return false;
    return true;
  }

  /** By partition, the offset of the next record. */
  positions(): Record<number, number> {
    return Object.fromEntries(this.#order.map(({ partition, position }) => [partition, position]));
  }

  async close(): Promise<void> {
    await this.#fetcher.close();
  }

  #endOf({ partition }: PartitionFeed): number {
    return this.#ends.get(partition) ?? 0;
  }

  #isAtEnd(feed: PartitionFeed): boolean {
    const isAtEnd = this.#settings.untilEnd === true && feed.position >= this.#endOf(feed);
    if (isAtEnd) feed.isPaused = true;
    return isAtEnd;
  }

  #setPaused(partition: number, isPaused: boolean): void {
    if (isPaused) this.#paused.add(partition);
    else this.#paused.delete(partition);
    for (const feed of this.#fetcher.feeds.values()) if (feed.partition === partition) feed.isPaused = isPaused;
  }
}

function startOffset(from: ReadFrom, first: number, end: number, timed: number | undefined): number {
  const within = (offset: number) => Math.min(Math.max(offset, first), end);
  switch (from.kind) {
    case 'earliest':
      return first;
    case 'latest':
      return end;
    case 'last':
      return within(end - from.count);
    case 'offset':
      return within(from.offset);
    case 'time':
      return timed === undefined || timed < 0 ? end : timed;
  }
}
