import { promisify } from 'node:util';
import { gunzip, gunzipSync, zstdDecompress, zstdDecompressSync } from 'node:zlib';
import { lz4Inflation } from './lz4.ts';
import type { Compression } from './record-batch.ts';
import type { Inflation } from './snappy.ts';
import { snappyInflation } from './snappy.ts';

/** Largest size in bytes that the records of one batch may inflate to: a small batch must not fill the memory. */
export const inflatedBytesMax = 256 * 1024 * 1024;

/** Pieces in which gzip and zstd hand out what they inflate in the background, in bytes: large ones go back to the system at once. */
const chunkBytes = 1024 * 1024;
/** Bytes that snappy and LZ4, which inflate on the event loop, make at a time: a few milliseconds. */
const stepBytes = 1024 * 1024;

const gunzipInBackground = promisify(gunzip);
const zstdInBackground = promisify(zstdDecompress);

/** Inflates the records of a batch; throws when they are damaged or larger than `bytesMax`. Never on the hot path. */
export function decompress(compression: Compression, bytes: Buffer, bytesMax = inflatedBytesMax): Buffer {
  switch (compression) {
    case 'none':
      return bytes;
    case 'gzip':
      return gunzipSync(bytes, { maxOutputLength: bytesMax });
    case 'zstd':
      return zstdDecompressSync(bytes, { maxOutputLength: bytesMax });
    case 'snappy':
      return inOneGo(snappyInflation(bytes, bytesMax));
    case 'lz4':
      return inOneGo(lz4Inflation(bytes, bytesMax));
  }
}

/**
 * The same for batches that may be large, without holding the event loop: gzip and zstd in a thread of the pool, snappy and
 * LZ4 in steps of `stepBytes` with a `pause` after each, in which others have a turn. Rejects where `decompress` throws.
 */
export async function decompressInBackground(
  compression: Compression,
  bytes: Buffer,
  pause: () => Promise<void>,
  bytesMax = inflatedBytesMax,
): Promise<Buffer> {
  const options = { maxOutputLength: bytesMax, chunkSize: Math.min(chunkBytes, Math.max(bytes.length * 4, 1024)) };
  switch (compression) {
    case 'none':
      return bytes;
    case 'gzip':
      return gunzipInBackground(bytes, options);
    case 'zstd':
      return zstdInBackground(bytes, options);
    case 'snappy':
      return inSteps(snappyInflation(bytes, bytesMax), pause);
    case 'lz4':
      return inSteps(lz4Inflation(bytes, bytesMax), pause);
  }
}

function inOneGo(inflation: Inflation): Buffer {
  for (;;) {
    const step = inflation.next();
    if (step.done) return step.value;
  }
}

async function inSteps(inflation: Inflation, pause: () => Promise<void>): Promise<Buffer> {
  for (let restAt = stepBytes; ; ) {
    const step = inflation.next();
    if (step.done) return step.value;
    if (step.value < restAt) continue;
    restAt = step.value + stepBytes;
    await pause();
  }
}
