/** How a producer sends. Names and defaults follow Kafka's producer configuration where there is one. */
export interface ProducerSettings {
  /** 0: do not wait; 1: the leader has it; 'all': every in-sync replica has it. */
  readonly acks: 0 | 1 | 'all';
  readonly compression: 'none' | 'gzip' | 'snappy' | 'lz4' | 'zstd';
  /** Only with acks 'all': a retried request is not written twice. */
  readonly idempotent: boolean;
  /** How long a record waits for company; 0 still batches what one turn of the event loop sends. */
  readonly lingerMs: number;
  /** A partition's request is closed at this size. A single larger record travels alone. */
  readonly batchBytesMax: number;
  readonly batchRecordsMax: number;
  /** A request to a broker is closed at this size (Kafka's max.request.size). A single larger batch travels alone. */
  readonly requestBytesMax: number;
  /** Records accepted and not yet settled, in all partitions together. */
  readonly bufferRecordsMax: number;
  readonly bufferBytesMax: number;
  /** A send settles within this time, one way or the other. */
  readonly deliveryWaitMsMax: number;
}

export const producerDefaults: ProducerSettings = {
  acks: 'all',
  compression: 'none',
  idempotent: true,
  lingerMs: 0,
  batchBytesMax: 512 * 1024,
  batchRecordsMax: 5_000,
  requestBytesMax: 1_048_576,
  bufferRecordsMax: 50_000,
  bufferBytesMax: 32 * 1024 * 1024,
  deliveryWaitMsMax: 120_000,
};

/** One record to send. */
export interface OutgoingRecord {
  readonly topic: string;
  /** Chosen from the key, or spread when there is none, if left out. */
  readonly partition?: number | undefined;
  readonly key?: Buffer | null | undefined;
  /** Null writes a tombstone. */
  readonly value: Buffer | null;
  readonly headers?: readonly { readonly key: string; readonly value: Buffer | null }[] | undefined;
  /** Milliseconds since 1970; the time of sending if left out. */
  readonly timestampMs?: number | undefined;
}

/** Where a record went. */
export interface SentRecord {
  readonly topic: string;
  readonly partition: number;
  /** Undefined with acks 0. */
  readonly offset: number | undefined;
}

/** Who is told, once, what became of a record. It must not throw. */
export interface SendListener {
  /** It is acknowledged as `acks` says; the offset is undefined with acks 0. */
  sent(partition: number, offset: number | undefined): void;
  /** It may have been written all the same. */
  failed(error: Error): void;
}
