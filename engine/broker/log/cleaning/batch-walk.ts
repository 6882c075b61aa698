import { MillraceError } from '../../../base/errors.ts';
import * as layout from '../../../records/batch-layout.ts';
import { compressions } from '../../../records/record-batch.ts';
import { decompress } from '../../../records/record-decompress.ts';
import { inflatedBatchBytesMax, inlineCompressedBytesMax, inlineInflatedBytesMax } from '../checks/inflation-limits.ts';
import type { LogConfig } from '../log-config.ts';
import type { Segment } from '../segment/segment.ts';
import type { CleaningTools } from './cleaning-tools.ts';

/** Bytes of records, without compression, that are looked at before others have a turn: some milliseconds. */
const sliceBytes = 256 * 1024;

/** What is done with the batches of a segment, in order. */
export interface BatchWorker {
  /** Comes to a batch; false: its records need not be inflated. */
  enter(batch: Buffer): boolean;
  /**
   * Takes the batch with its records as they are without compression, from `from` on. False ends the walk behind it.
   * @param hasRecords what `enter` said
   */
  take(batch: Buffer, body: Buffer, from: number, hasRecords: boolean): boolean | Promise<boolean>;
}

/**
 * Walks the batches of a closed segment in slices, checks each one's checksum and hands it to `worker`.
 * @throws MillraceError `LOG_DAMAGED` at a batch that is not what was written
 */
export class BatchWalk {
  readonly #tools: CleaningTools;
  readonly #config: LogConfig;
  /** To be called after each pause: throws where the log is no longer to be cleaned. */
  readonly #check: () => void;
  readonly #touch: (segment: Segment) => void;
  #chunk: Buffer;

  constructor(
    tools: CleaningTools,
    config: LogConfig,
    { check, touch }: { check: () => void; touch: (segment: Segment) => void },
  ) {
    this.#tools = tools;
    this.#config = config;
    this.#check = check;
    this.#touch = touch;
    this.#chunk = Buffer.allocUnsafe(tools.ioBytes);
  }

  /** False when the worker ended the walk. */
  async run(segment: Segment, from: number, worker: BatchWorker): Promise<boolean> {
    let position = from;
    while (position < segment.sizeBytes) {
      const length = segment.readAt(position, this.#chunk);
      this.#touch(segment);
      const { bytes, goesOn } = await this.#walkChunk(segment, position, length, worker);
      if (!goesOn) return false;
      position += bytes;
      if (bytes === 0) this.#growFor(segment, position, length);
    }
    return true;
  }

  async #walkChunk(segment: Segment, position: number, length: number, worker: BatchWorker) {
    const chunk = this.#chunk;
    let at = 0;
    let paidAt = 0;
    let work = 0;
    for (;;) {
      const fault = layout.faultOf(chunk, at, length);
      if (fault === 'short') break;
      if (fault) throw damaged(segment, position + at, `its ${fault} is wrong`);
      const batch = chunk.subarray(at, at + layout.sizeOf(chunk, at));
      at += batch.length;
      const needsRecords = worker.enter(batch);
      const isPlain = !needsRecords || isUncompressed(batch);
      let body = batch;
      try {
        if (!isPlain) body = inflateHere(batch) ?? (await this.#inflate(batch));
        const outcome = worker.take(batch, body, isPlain ? layout.batchHeaderBytes : 0, needsRecords);
        if (!(typeof outcome === 'boolean' ? outcome : await outcome)) return { bytes: at, goesOn: false };
      } catch (error) {
        if (!(error instanceof RangeError)) throw error;
        throw damaged(segment, position + at - batch.length, error.message);
      }
      work += body.length;
      if (work < sliceBytes) continue;
      await this.#pause(at - paidAt);
      paidAt = at;
      work = 0;
    }
    await this.#pause(at - paidAt);
    return { bytes: at, goesOn: true };
  }

  async #pause(bytes: number): Promise<void> {
    await this.#tools.pace(bytes);
    this.#check();
  }

  async #inflate(batch: Buffer): Promise<Buffer> {
    const { inflations } = this.#tools;
    const source = compressions[layout.attributesOf(batch, 0) & layout.attribute.codecMask]!;
    const records = batch.subarray(layout.batchHeaderBytes);
    try {
      return await inflations.run(() => inflations.inflate(source, records, inflatedBatchBytesMax(this.#config)));
    } catch (error) {
      throw new RangeError(`records that are no ${source}: ${(error as Error).message}`);
    } finally {
      this.#check();
    }
  }

  /** The next batch is larger than the chunk, or not there as a whole. */
  #growFor(segment: Segment, position: number, length: number): void {
    const needed = length >= layout.batchPrefixBytes ? layout.sizeOf(this.#chunk, 0) : Number.POSITIVE_INFINITY;
    if (needed <= this.#chunk.length || position + needed > segment.sizeBytes)
      throw damaged(segment, position, `${length} bytes of a batch that does not end`);
    this.#chunk = Buffer.allocUnsafe(needed);
  }
}

const isUncompressed = (batch: Buffer): boolean =>
  (layout.attributesOf(batch, 0) & layout.attribute.codecMask) === 0 || layout.recordCountOf(batch, 0) === 0;

/** Inflates what is small where it is; undefined: to be done in the background. */
function inflateHere(batch: Buffer): Buffer | undefined {
  const source = compressions[layout.attributesOf(batch, 0) & layout.attribute.codecMask];
  const records = batch.subarray(layout.batchHeaderBytes);
  if (!source) throw new RangeError('an unknown codec');
  if (records.length > inlineCompressedBytesMax) return undefined;
  try {
    return decompress(source, records, inlineInflatedBytesMax);
  } catch {
    return undefined; // too large for here, or damaged: the background tells
  }
}

function damaged(segment: Segment, position: number, reason: string): MillraceError {
  const details = { segment: segment.baseOffset, position };
  return new MillraceError('LOG_DAMAGED', `the batch at byte ${position} cannot be read: ${reason}`, { details });
}
