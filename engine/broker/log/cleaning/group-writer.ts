import { MillraceError } from '../../../base/errors.ts';
import * as layout from '../../../records/batch-layout.ts';
import { compressions } from '../../../records/record-batch.ts';
import { compressTo } from '../checks/compress-to.ts';
import type { LogConfig } from '../log-config.ts';
import type { Segment } from '../segment/segment.ts';
import type { BatchFilter } from './batch-filter.ts';
import type { BatchWorker } from './batch-walk.ts';
import type { CleaningTools } from './cleaning-tools.ts';
import { emptyBatch, finishBatch, rewriteBatch } from './rewrite-batch.ts';

export interface GroupWriterOptions {
  readonly filter: BatchFilter;
  readonly config: LogConfig;
  /** Where the segment that follows begins. */
  readonly endOffset: number;
  readonly into: Segment;
  readonly tools: CleaningTools;
}

/** Writes what is kept of a group of segments into one. */
export class GroupWriter implements BatchWorker {
  readonly #options: GroupWriterOptions;
  readonly #buffer: Buffer;
  #length = 0;
  #isDiscardable = false;

  constructor(options: GroupWriterOptions) {
    this.#options = options;
    this.#buffer = Buffer.allocUnsafe(options.tools.ioBytes);
  }

  enter(batch: Buffer): boolean {
    this.#isDiscardable = this.#options.filter.passes(batch);
    return !this.#isDiscardable && !layout.isControl(batch, 0);
  }

  take(batch: Buffer, body: Buffer, from: number): boolean | Promise<boolean> {
    const { filter, endOffset } = this.#options;
    const isLast = layout.lastOffsetOf(batch, 0) + 1 === endOffset;
    switch (filter.judge(batch, this.#isDiscardable, body, from, isLast)) {
      case 'whole':
        return this.#put(batch);
      case 'gone':
        return true;
      case 'empty':
        return this.#put(emptyBatch(batch));
      case 'part':
        return this.#putPart(batch, body, from);
    }
  }

  #putPart(batch: Buffer, body: Buffer, from: number): boolean | Promise<boolean> {
    const { keeps, kept, horizonMs } = this.#options.filter;
    const rewritten = rewriteBatch(batch, { body, from, keeps, kept, horizonMs });
    const codec = layout.attributesOf(batch, 0) & layout.attribute.codecMask;
    return codec === 0 ? this.#put(finishBatch(rewritten)) : this.#compress(rewritten, codec);
  }

  async #compress(rewritten: Buffer, codec: number): Promise<boolean> {
    const { compression } = this.#options.config;
    const target = compressions[codec]!;
    const level = compression.type === target ? compression.level : undefined;
    const body = await compressTo(target, rewritten.subarray(layout.batchHeaderBytes), level);
    return this.#put(finishBatch(Buffer.concat([rewritten.subarray(0, layout.batchHeaderBytes), body])));
  }

  #put(batch: Buffer): true {
    if (this.#length + batch.length > this.#buffer.length) this.flush();
    if (batch.length > this.#buffer.length) this.#append(batch);
    else {
      batch.copy(this.#buffer, this.#length);
      this.#length += batch.length;
    }
    return true;
  }

  /** Writes what waits. */
  flush(): void {
    if (this.#length > 0) this.#append(this.#buffer.subarray(0, this.#length));
    this.#length = 0;
  }

  #append(bytes: Buffer): void {
    const { into } = this.#options;
    if (into.sizeBytes + bytes.length > layout.int32Max)
      throw new MillraceError(
        'LOG_SEGMENT_TOO_LARGE',
        `what is kept of segment ${into.baseOffset} is larger than a segment can be`,
      );
    into.append(bytes);
  }
}
