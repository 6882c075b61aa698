import type { LogConfig } from '../log-config.ts';

/** Largest size in bytes that the records of a produced batch may inflate to, as long as `max.message.bytes` is not near it. */
const inflatedBytesMin = 64 * 1024 * 1024;
/** Multiple of `max.message.bytes` that is always allowed. */
const messageMultiple = 4;

/**
 * Bound on what a produced batch inflates to, in bytes. Clients bound their batches before compression, to about a MiB by
 * default, so that only bombs come near it (32 KiB of zstd can hold 1 GiB).
 */
export function inflatedBatchBytesMax(config: LogConfig): number {
  return Math.max(inflatedBytesMin, config.maxMessageBytes * messageMultiple);
}

/** Compressed records up to this size in bytes are inflated where they are: a thread of the pool would cost more. */
export const inlineCompressedBytesMax = 16 * 1024;
/** But no more than this many bytes of them, a fraction of a millisecond; what is larger is done in the background. */
export const inlineInflatedBytesMax = 256 * 1024;
/** Batches that are inflated or recompressed in the background at one time; others wait with their compressed bytes. */
export const inflationsMax = 2;
