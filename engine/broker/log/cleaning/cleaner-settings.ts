/** The settings `log.cleaner.*` that a cleaner acts on. They may change while it runs. */
export interface CleanerSettings {
  /** Whether compacted topics are compacted. */
  readonly isEnabled: boolean;
  /** Rest between two looks for something to compact, in ms. */
  readonly backoffMs: number;
  /** Memory for the keys of the log that is compacted, in bytes, and the part of it that is filled. */
  readonly dedupeBufferBytes: number;
  readonly loadFactor: number;
  /** Bytes that are read, and written, at a time. */
  readonly ioBufferBytes: number;
  /** Bytes read and written a second; Infinity: as fast as others leave room. */
  readonly ioBytesPerSecondMax: number;
}

/** Kafka's defaults, but with a quarter of its memory for keys. */
export const defaultCleanerSettings: CleanerSettings = {
  isEnabled: true,
  backoffMs: 15_000,
  dedupeBufferBytes: 32 * 1024 * 1024,
  loadFactor: 0.9,
  ioBufferBytes: 512 * 1024,
  ioBytesPerSecondMax: Number.POSITIVE_INFINITY,
};
