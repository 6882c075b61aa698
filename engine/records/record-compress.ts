import { promisify } from 'node:util';
import { constants, gzip, gzipSync, zstdCompress, zstdCompressSync } from 'node:zlib';
import { lz4Compress, snappyCompress } from '@platformatic/wasm-utils';
import type { Compression } from './record-batch.ts';

const gzipInBackground = promisify(gzip);
const zstdInBackground = promisify(zstdCompress);

/** What an empty input becomes: the library cannot take one. A frame of no blocks, and a block of no bytes. */
const emptyLz4 = Buffer.from('04224d186050fb00000000', 'hex');
const emptySnappy = Buffer.from([0]);

/**
 * Compresses the record bytes of a batch, in the framing that Kafka's own clients read: gzip, snappy as one raw block, LZ4
 * frame of independent blocks, zstd.
 * @param level of gzip (1 to 9) and zstd (-131072 to 22); the codec's own default when absent. Snappy has none, and LZ4 is
 * always compressed at its fastest.
 */
export function compress(compression: Compression, bytes: Buffer, level?: number): Buffer {
  switch (compression) {
    case 'gzip':
      return gzipSync(bytes, gzipOptions(level));
    case 'zstd':
      return zstdCompressSync(bytes, zstdOptions(level));
    default:
      return compressHere(compression, bytes);
  }
}

/** The same, off the event loop where the codec can: gzip and zstd. Snappy and LZ4 take about a millisecond per MiB. */
export async function compressInBackground(compression: Compression, bytes: Buffer, level?: number): Promise<Buffer> {
  switch (compression) {
    case 'gzip':
      return gzipInBackground(bytes, gzipOptions(level));
    case 'zstd':
      return zstdInBackground(bytes, zstdOptions(level));
    default:
      return compressHere(compression, bytes);
  }
}

function compressHere(compression: 'none' | 'snappy' | 'lz4', bytes: Buffer): Buffer {
  if (compression === 'none') return bytes;
  if (compression === 'snappy') return bytes.length > 0 ? snappyCompress(bytes) : emptySnappy;
  return bytes.length > 0 ? lz4Compress(bytes) : emptyLz4;
}

const gzipOptions = (level: number | undefined) => (level === undefined ? {} : { level });
const zstdOptions = (level: number | undefined) =>
  level === undefined ? {} : { params: { [constants.ZSTD_c_compressionLevel]: level } };
