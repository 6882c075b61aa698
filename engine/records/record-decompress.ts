import { gunzipSync, zstdDecompressSync } from 'node:zlib';
import { lz4Decompress } from './lz4.ts';
import type { Compression } from './record-batch.ts';
import { snappyDecompress } from './snappy.ts';

/** Largest size in bytes that the records of one batch may inflate to: a small batch must not fill the memory. */
export const inflatedBytesMax = 256 * 1024 * 1024;

/** Inflates the records of a batch; throws when they are damaged or larger than `inflatedBytesMax`. Never on the hot path. */
export function decompress(compression: Compression, bytes: Buffer): Buffer {
  switch (compression) {
    case 'none':
      return bytes;
    case 'gzip':
      return gunzipSync(bytes, { maxOutputLength: inflatedBytesMax });
    case 'zstd':
      return zstdDecompressSync(bytes, { maxOutputLength: inflatedBytesMax });
    case 'snappy':
      return snappyDecompress(bytes, inflatedBytesMax);
    case 'lz4':
      return lz4Decompress(bytes, inflatedBytesMax);
  }
}
