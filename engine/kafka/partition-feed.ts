import type { ReceivedRecord } from './received-record.ts';

/** Records of one partition that were fetched and not taken yet, and where to fetch next. */
export class PartitionFeed {
  readonly topic: string;
  readonly partition: number;
  /** Next offset to fetch. */
  fetchOffset: number;
  highWatermark = -1;
  #records: ReceivedRecord[] = [];
  #head = 0;
  #queuedBytes = 0;

  constructor(topic: string, partition: number, fetchOffset: number) {
    this.topic = topic;
    this.partition = partition;
    this.fetchOffset = fetchOffset;
  }

  get queuedRecords(): number {
    return this.#records.length - this.#head;
  }

  get queuedBytes(): number {
    return this.#queuedBytes;
  }

  /** Offset of the next record to take, or of the next fetch when none is queued. */
  get position(): number {
    return this.#records[this.#head]?.offset ?? this.fetchOffset;
  }

  /** Records between the position and the high watermark; undefined before the first fetch. */
  get lag(): number | undefined {
    return this.highWatermark < 0 ? undefined : Math.max(0, this.highWatermark - this.position);
  }

  add(records: readonly ReceivedRecord[], nextOffset: number, highWatermark: number): void {
    this.highWatermark = highWatermark;
    this.fetchOffset = nextOffset;
    if (!records.length) return;
    this.#records = this.queuedRecords ? this.#records.slice(this.#head).concat(records) : [...records];
    this.#head = 0;
    for (const record of records) this.#queuedBytes += record.sizeBytes;
  }

  take(): ReceivedRecord | undefined {
    const record = this.#records[this.#head];
    if (!record) return undefined;
    this.#head++;
    this.#queuedBytes -= record.sizeBytes;
    if (this.#head === this.#records.length) {
      // Lets the fetch response go as soon as its last record is taken.
      this.#records = [];
      this.#head = 0;
    }
    return record;
  }

  /** Drops what is queued and reads on from `offset`. */
  seek(offset: number): void {
    this.#records = [];
    this.#head = 0;
    this.#queuedBytes = 0;
    this.fetchOffset = offset;
  }
}
