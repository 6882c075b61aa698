import type { KafkaError } from '../kafka-error.ts';
import type { ReceivedRecord } from '../received-record.ts';
import type { FetchedBatches } from './fetched-batches.ts';

/** Records of one partition that were fetched and not taken yet, and where to fetch next. */
export class PartitionFeed {
  readonly topic: string;
  readonly partition: number;
  /** Next offset to fetch. */
  fetchOffset: number;
  /** One past the last record that a reader may see, as the last fetch told; -1 before it. */
  highWatermark = -1;
  /** Set by whoever reads: nothing is fetched meanwhile, what is queued can still be taken. */
  isPaused = false;
  /** Set by the fetcher: it waits until half of what may be queued is taken. */
  isFull = false;
  #queue: FetchedBatches[] = [];
  #queuedRecords = 0;
  #queuedBytes = 0;
  #failure: KafkaError | undefined;
  readonly #onDamage: () => void;

  /** `onDamage` is called when taking came to a damaged batch: `failure` is then set. */
  constructor(topic: string, partition: number, fetchOffset: number, onDamage: () => void = () => {}) {
    this.topic = topic;
    this.partition = partition;
    this.fetchOffset = fetchOffset;
    this.#onDamage = onDamage;
  }

  /** Never too few; more than there are where batches were compacted. 0 when there is nothing to take. */
  get queuedRecords(): number {
    return this.#queuedRecords;
  }

  get queuedBytes(): number {
    return this.#queuedBytes;
  }

  /** Next offset to take, or of the next fetch when nothing is queued. */
  get position(): number {
    return this.#queue[0]?.position ?? this.fetchOffset;
  }

  /** Records between the position and the high watermark; undefined before the first fetch. */
  get lag(): number | undefined {
    return this.highWatermark < 0 ? undefined : Math.max(0, this.highWatermark - this.position);
  }

  /** Why nothing can be read at `position`: a damaged batch. All before it is taken. Cleared by the next fetch. */
  get failure(): KafkaError | undefined {
    return this.#queue.length ? undefined : this.#failure;
  }

  /** Queues what a fetch at `fetchOffset` brought. */
  add(batches: FetchedBatches, highWatermark: number): void {
    this.highWatermark = highWatermark;
    this.#failure = undefined;
    if (batches.hasNext) {
      this.#queue.push(batches);
      this.fetchOffset = batches.endOffset;
    } else {
      this.fetchOffset = batches.position;
      this.#failure = batches.failure;
    }
    this.#count();
  }

  take(): ReceivedRecord | undefined {
    for (let head = this.#queue[0]; head; head = this.#queue[0]) {
      const record = head.take();
      if (head.hasNext) {
        this.#queuedRecords--;
        this.#queuedBytes -= head.bytesPerRecord;
      } else {
        // Lets the fetch response go as soon as its last record is taken.
        this.#queue.shift();
        if (head.failure) this.#failAt(head);
        this.#count();
      }
      if (record) return record;
    }
    return undefined;
  }

  /** Passes over offsets that are no longer there; what is queued stays. */
  skipTo(offset: number): void {
    this.fetchOffset = offset;
  }

  /** Drops what is queued and reads on from `offset`. */
  seek(offset: number): void {
    this.#queue = [];
    this.#failure = undefined;
    this.fetchOffset = offset;
    this.#count();
  }

  /** Whatever was fetched behind a damaged batch is fetched again, so that nothing is passed over. */
  #failAt(damaged: FetchedBatches): void {
    this.seek(damaged.position);
    this.#failure = damaged.failure;
    this.#onDamage();
  }

  #count(): void {
    this.#queuedRecords = 0;
    this.#queuedBytes = 0;
    for (const batches of this.#queue) {
      this.#queuedRecords += batches.remaining;
      this.#queuedBytes += batches.remaining * batches.bytesPerRecord;
    }
  }
}
