import type { Compression } from '../../../records/record-batch.ts';

/** Compresses the records of a batch; the codec package is loaded by the first topic that needs it. */
export async function compressTo(target: Compression, bytes: Buffer, level: number | undefined): Promise<Buffer> {
  if (target === 'none') return bytes;
  const { compressInBackground } = await import('../../../records/record-compress.ts');
  return compressInBackground(target, bytes, level);
}
