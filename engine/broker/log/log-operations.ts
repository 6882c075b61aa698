/** What an accepted append came to. */
export interface AppendInfo {
  readonly firstOffset: number;
  readonly lastOffset: number;
  /** The broker's timestamp with message.timestamp.type=LogAppendTime; -1 otherwise. */
  readonly logAppendTimeMs: number;
  /** The producer sent a batch again that is in the log already; the offsets are those of the first time. */
  readonly duplicate: boolean;
  readonly sizeBytes: number;
}

/** Whole batches, in a buffer of their own. */
export interface LogRead {
  readonly records: Buffer;
  /** Offset after the last batch; the offset asked for when there is none. */
  readonly nextOffset: number;
}

export interface ReadOptions {
  readonly maxBytes: number;
  /** Only batches that end below this offset: the high watermark, or the end offset for followers. */
  readonly before: number;
  /** Return the first batch whole even when it is larger than `maxBytes` (KIP-74). */
  readonly atLeastOneBatch: boolean;
}
