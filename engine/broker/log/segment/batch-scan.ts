import type { DiskFile } from '../../../base/disk.ts';
import type { BatchFault } from '../../../records/batch-layout.ts';
import * as layout from '../../../records/batch-layout.ts';

/** Bytes read from a file in one go while it is walked through. */
const scanChunkBytes = 1024 * 1024;

/** Called for each batch: it starts at `at` in `buffer` and at `position` in the file. False stops the walk before this batch. */
export type BatchVisitor = (buffer: Buffer, at: number, position: number) => boolean | undefined;

export interface ScanResult {
  /** File position behind the last visited batch. */
  readonly endPosition: number;
  /** Why the walk ended early; undefined when it reached `to` or the visitor stopped it. `short`: bytes of an unfinished batch. */
  readonly fault: BatchFault | undefined;
}

/**
 * Walks the batches of a segment file from a batch boundary. With `checked` every batch is verified (length, magic, CRC);
 * without, headers are trusted and only lengths are looked at.
 */
export function scanBatches(
  file: DiskFile,
  from: number,
  to: number,
  checked: boolean,
  visit: BatchVisitor,
): ScanResult {
  let chunk = Buffer.allocUnsafe(Math.min(scanChunkBytes, Math.max(to - from, 0)));
  let position = from;
  while (position < to) {
    const length = file.read(chunk, 0, Math.min(chunk.length, to - position), position);
    let at = 0;
    for (;;) {
      const fault = checked ? layout.faultOf(chunk, at, length) : lengthFault(chunk, at, length);
      if (fault === 'short') break;
      if (fault) return { endPosition: position + at, fault };
      if (visit(chunk, at, position + at) === false) return { endPosition: position + at, fault: undefined };
      at += layout.sizeOf(chunk, at);
    }
    position += at;
    if (position >= to) break;
    if (at > 0) continue;
    const needed = length >= layout.batchPrefixBytes ? layout.sizeOf(chunk, 0) : Number.POSITIVE_INFINITY;
    if (position + needed > to || length === 0 || needed <= chunk.length)
      return { endPosition: position, fault: 'short' };
    chunk = Buffer.allocUnsafe(needed); // one batch larger than the chunk, and the file has it whole
  }
  return { endPosition: position, fault: undefined };
}

function lengthFault(buffer: Buffer, at: number, end: number): BatchFault | undefined {
  if (end - at < layout.batchHeaderBytes) return 'short';
  const size = layout.sizeOf(buffer, at);
  if (size < layout.batchHeaderBytes) return 'length';
  return at + size > end ? 'short' : undefined;
}
