import { batchHeaderBytes } from '../../records/batch-layout.ts';
import type { BatchIdentity } from '../../records/encode-produced.ts';
import { measureRecords, writeBatchHeader, writeRecords } from '../../records/encode-produced.ts';
import type { Compression } from '../../records/record-batch.ts';
import { BufferPool } from './buffer-pool.ts';
import type { PendingSend } from './lane.ts';

/** Record sections above this are compressed off the event loop, where the codec can. */
const compressHereBytesMax = 32 * 1024;

type Compressor = typeof import('../../records/record-compress.ts');

/** Makes encoded batches, in memory that is used again. */
export class BatchEncoder {
  readonly #compression: Compression;
  readonly #isTransactional: boolean;
  readonly #pool = new BufferPool();
  /** Loaded with the first batch that needs it: the codecs take time and memory at a start. */
  #compressor: Promise<Compressor> | undefined;

  constructor(compression: Compression, isTransactional: boolean) {
    this.#compression = compression;
    this.#isTransactional = isTransactional;
  }

  /** At once, or later where the records are compressed. */
  encode(sends: readonly PendingSend[], identity: BatchIdentity): Buffer | Promise<Buffer> {
    const bodyBytes = measureRecords(sends);
    const target = this.#pool.take(batchHeaderBytes + bodyBytes);
    writeRecords(target, batchHeaderBytes, sends);
    if (this.#compression !== 'none') return this.#compress(target, bodyBytes, sends, identity);
    writeBatchHeader(target, bodyBytes, sends, identity, 'none', this.#isTransactional);
    return target.subarray(0, batchHeaderBytes + bodyBytes);
  }

  /** The batch was answered: its memory may be used again. */
  release(bytes: Buffer): void {
    this.#pool.give(bytes);
  }

  async #compress(
    plain: Buffer,
    plainBytes: number,
    sends: readonly PendingSend[],
    identity: BatchIdentity,
  ): Promise<Buffer> {
    this.#compressor ??= import('../../records/record-compress.ts');
    const { compress, compressInBackground } = await this.#compressor;
    const body = plain.subarray(batchHeaderBytes, batchHeaderBytes + plainBytes);
    const packed =
      plainBytes <= compressHereBytesMax
        ? compress(this.#compression, body)
        : await compressInBackground(this.#compression, body);
    const target = this.#pool.take(batchHeaderBytes + packed.length);
    target.set(packed, batchHeaderBytes);
    this.#pool.give(plain);
    writeBatchHeader(target, packed.length, sends, identity, this.#compression, this.#isTransactional);
    return target.subarray(0, batchHeaderBytes + packed.length);
  }
}
