/**
 * One record as it was read from a partition. Keys and values are views of the fetch response: whoever keeps one longer than the
 * job that handles it must copy it, or the whole response stays in memory.
 */
export interface ReceivedRecord {
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
  /** Milliseconds since 1970; -1 when the producer gave none. */
  readonly timestampMs: number;
  /** Whether the time is the producer's or the broker's. */
  readonly timestampType: 'create' | 'append';
  readonly key: Buffer | null;
  /** Null is a tombstone. */
  readonly value: Buffer | null;
  /** In order, duplicates kept. */
  readonly headers: readonly RecordHeader[];
  /** Bytes that count for queue bounds: key, value and headers. */
  readonly sizeBytes: number;
}

export interface RecordHeader {
  readonly key: string;
  readonly value: Buffer | null;
}
