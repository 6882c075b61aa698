import type { KafkaConnection } from './connection.ts';
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
}

/**
 * Reads partitions without a group: browsing, `millrace receive`, tests. Nothing is committed. Records come partition by
 * partition in turn; call `next` until it gives undefined, then wait for `onRecords`.
 */
export class AssignedReader {
  readonly #fetcher: PartitionFetcher;
  readonly #settings: ReadSettings;
  readonly #ends = new Map<number, number>();
  #turn = 0;

  constructor(
    connection: KafkaConnection,
    settings: Partial<FetchSettings> & Pick<ReadSettings, 'topic' | 'partitions' | 'from'>,
    onRecords: () => void,
  ) {
    this.#settings = { ...fetchDefaults, ...settings };
    this.#fetcher = new PartitionFetcher(connection, this.#settings, onRecords);
  }

  /** Finds the partitions and their offsets and begins to fetch. Rejects with KAFKA_UNKNOWN_TOPIC, KAFKA_CONNECT_FAILED, ... */
  async start(): Promise<void> {
    const { topic, from } = this.#settings;
    const partitions = this.#settings.partitions ?? (await this.#fetcher.partitionsOf(topic));
    const earliest = await this.#fetcher.offsetsAt(topic, partitions, -2);
    const latest = await this.#fetcher.offsetsAt(topic, partitions, -1);
    const timed = from.kind === 'time' ? await this.#fetcher.offsetsAt(topic, partitions, from.timestampMs) : undefined;
    for (const partition of partitions) {
      const first = earliest.get(partition) ?? 0;
      const end = latest.get(partition) ?? 0;
      this.#ends.set(partition, end);
      this.#fetcher.add(topic, partition, startOffset(from, first, end, timed?.get(partition)));
    }
  }

  /** The next record, or undefined when none has arrived. */
  next(): ReceivedRecord | undefined {
    const feeds = [...this.#fetcher.feeds.values()];
    for (let tried = 0; tried < feeds.length; tried++) {
      const record = feeds[(this.#turn + tried) % feeds.length]!.take();
      if (!record) continue;
      this.#turn = (this.#turn + tried + 1) % feeds.length;
      this.#fetcher.wake();
      return record;
    }
    return undefined;
  }

  /** True when everything that was in the partitions at the start has been taken. */
  get isPastStart(): boolean {
    for (const feed of this.#fetcher.feeds.values())
      if (feed.position < (this.#ends.get(feed.partition) ?? 0)) return false;
    return true;
  }

  async close(): Promise<void> {
    await this.#fetcher.close();
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
