import { messageOf } from '../../base/errors.ts';
import * as layout from '../../records/batch-layout.ts';
import { compressions } from '../../records/record-batch.ts';
import { decompress } from '../../records/record-decompress.ts';
import type { KafkaError } from '../kafka-error.ts';
import type { ReceivedRecord } from '../received-record.ts';
import { corruptBatch } from './corrupt-batch.ts';
import { RecordCursor } from './record-cursor.ts';

/** What one partition of a fetch response brought, and for whom. */
export interface FetchedBytes {
  readonly topic: string;
  readonly partition: number;
  readonly records: Buffer;
  /** A broker sends whole batches: records below this are not for us. */
  readonly fromOffset: number;
  /** Transactions that were aborted, as the response lists them; undefined when uncommitted records are wanted too. */
  readonly aborted: readonly { readonly producerId: number; readonly firstOffset: number }[] | undefined;
}

const { attribute } = layout;
/** Type of a control record that ends an aborted transaction (KIP-98). */
const abortMarker = 0;

/**
 * The batches of one partition of a fetch response, read as records are taken: nothing is decoded or inflated before its turn.
 * Hands out what a reader may see: nothing below `fromOffset`, no control records, none of an aborted transaction (the rule of
 * Kafka's `CompletedFetch.nextFetchedRecord`). Before a batch that is damaged it stops, with `failure` set.
 */
export class FetchedBatches {
  readonly #source: FetchedBytes;
  /** Bytes for each record that may come, for the bounds of a queue. */
  readonly bytesPerRecord: number;
  /** Past the last whole batch: where to fetch next. */
  readonly endOffset: number;
  readonly #abortedProducers = new Set<number>();
  readonly #aborted: { readonly producerId: number; readonly firstOffset: number }[];
  #abortedHead = 0;
  #nextBatchAt = 0;
  #cursor: RecordCursor | undefined;
  #lastOffset = -1;
  #pending: ReceivedRecord | undefined;
  #position: number;
  #failure: KafkaError | undefined;
  /** Records of whole batches behind the current one. */
  #recordsBehind = 0;

  constructor(source: FetchedBytes) {
    this.#source = source;
    this.#position = source.fromOffset;
    this.#aborted = (source.aborted ?? []).toSorted((a, b) => a.firstOffset - b.firstOffset);
    const { recordCount, endOffset } = measure(source.records);
    this.#recordsBehind = recordCount;
    this.endOffset = Math.max(source.fromOffset, endOffset);
    this.bytesPerRecord = this.#recordsBehind ? source.records.length / this.#recordsBehind : 0;
    this.#toVisible();
  }

  /** Records that may still be taken; more than there are where a batch was compacted or lies partly below `fromOffset`. */
  get remaining(): number {
    if (this.#failure) return 0;
    return (this.#cursor?.remaining ?? 0) + (this.#pending ? 1 : 0) + this.#recordsBehind;
  }

  /** Whether `take` gives a record. */
  get hasNext(): boolean {
    return this.#pending !== undefined || this.#cursor !== undefined;
  }

  /** The next offset to read: past what was taken and past whatever holds nothing for us. */
  get position(): number {
    return this.#position;
  }

  /** Why reading stops at `position`: a damaged batch. Set only when all before it is taken. */
  get failure(): KafkaError | undefined {
    return this.hasNext ? undefined : this.#failure;
  }

  take(): ReceivedRecord | undefined {
    const record = this.#pending ?? this.#nextOfBatch();
    this.#pending = undefined;
    if (record) this.#position = record.offset + 1;
    if (this.#cursor?.remaining === 0) this.#toVisible();
    return record;
  }

  #nextOfBatch(): ReceivedRecord | undefined {
    if (!this.#cursor) return undefined;
    try {
      return this.#cursor.next();
    } catch (error) {
      this.#fail(this.#position, messageOf(error), error);
      return undefined;
    }
  }

  #fail(offset: number, found: string, cause?: unknown): void {
    const { topic, partition } = this.#source;
    this.#cursor = undefined;
    this.#recordsBehind = 0;
    this.#failure ??= corruptBatch({ topic, partition, offset }, found, cause);
  }

  /** Moves to the next batch that holds a record for us, past control batches, aborted and empty ones. */
  #toVisible(): void {
    this.#finishBatch();
    while (!this.#failure && !this.#cursor && this.#enterBatch());
  }

  #finishBatch(): void {
    if (!this.#cursor) return;
    // Asks for what is behind the last record: bytes there mean damage.
    this.#nextOfBatch();
    if (!this.#failure) this.#position = this.#lastOffset + 1;
    this.#cursor = undefined;
  }

  /** Looks at the next batch; false when there is none that is whole. */
  #enterBatch(): boolean {
    const { records, fromOffset } = this.#source;
    const at = this.#nextBatchAt;
    const fault = layout.faultOf(records, at, records.length);
    if (fault === 'short') return false;
    if (fault) {
      this.#fail(Math.max(this.#position, layout.baseOffsetOf(records, at)), describeFault(records, at, fault));
      return false;
    }
    const last = layout.lastOffsetOf(records, at);
    const base = layout.baseOffsetOf(records, at);
    if (base <= this.#lastOffset) {
      this.#fail(this.#position, `expected a batch from offset ${this.#lastOffset + 1} on, found one from ${base}`);
      return false;
    }
    this.#nextBatchAt = at + layout.sizeOf(records, at);
    this.#recordsBehind -= layout.recordCountOf(records, at);
    this.#lastOffset = last;
    this.#noteAborted(last);
    if (last < fromOffset) return true;
    if (this.#isHidden(at)) this.#position = last + 1;
    else this.#open(at);
    return true;
  }

  #noteAborted(lastOffset: number): void {
    for (let next = this.#aborted[this.#abortedHead]; next && next.firstOffset <= lastOffset; ) {
      this.#abortedProducers.add(next.producerId);
      next = this.#aborted[++this.#abortedHead];
    }
  }

  #isHidden(at: number): boolean {
    const { records } = this.#source;
    const attributes = layout.attributesOf(records, at);
    if (attributes & attribute.control) {
      const producerId = layout.producerIdOf(records, at);
      if (this.#abortedProducers.has(producerId) && controlTypeOf(records, at) === abortMarker)
        this.#abortedProducers.delete(producerId);
      return true;
    }
    if (layout.recordCountOf(records, at) === 0) return true;
    return (attributes & attribute.transactional) !== 0 && this.#abortedProducers.has(layout.producerIdOf(records, at));
  }

  #open(at: number): void {
    const { records, topic, partition, fromOffset } = this.#source;
    const batch = records.subarray(at, this.#nextBatchAt);
    const body = batch.subarray(layout.batchHeaderBytes);
    const codec = layout.attributesOf(batch, 0) & attribute.codecMask;
    const base = layout.baseOffsetOf(batch, 0);
    const failsAt = Math.max(this.#position, base);
    const compression = compressions[codec];
    if (!compression) {
      this.#fail(failsAt, `expected a compression from 0 to ${compressions.length - 1}, found ${codec}`);
      return;
    }
    try {
      this.#cursor = new RecordCursor(topic, partition, batch, codec ? decompress(compression, body) : body);
    } catch (error) {
      this.#fail(failsAt, `its ${compression} content cannot be inflated: ${messageOf(error)}`, error);
      return;
    }
    if (base < fromOffset) this.#skipTo(fromOffset);
    else this.#position = base;
  }

  /** Drops the records of the current batch that were read before. */
  #skipTo(fromOffset: number): void {
    for (;;) {
      const record = this.#nextOfBatch();
      if (record && record.offset < fromOffset) continue;
      if (record) this.#pending = record;
      else if (!this.#failure) {
        this.#position = this.#lastOffset + 1;
        this.#cursor = undefined;
      }
      return;
    }
  }
}

/** How much the whole batches hold, by their headers. */
function measure(records: Buffer): { recordCount: number; endOffset: number } {
  let recordCount = 0;
  let endOffset = 0;
  for (let at = 0; records.length - at >= layout.batchHeaderBytes; ) {
    const size = layout.sizeOf(records, at);
    if (size < layout.batchHeaderBytes || at + size > records.length) break;
    recordCount += Math.max(0, layout.recordCountOf(records, at));
    endOffset = layout.lastOffsetOf(records, at) + 1;
    at += size;
  }
  return { recordCount, endOffset };
}

/** A control record's key is version and type, int16 each; undefined when it does not look like one. */
function controlTypeOf(records: Buffer, at: number): number | undefined {
  const batch = records.subarray(at, at + layout.sizeOf(records, at));
  try {
    const key = new RecordCursor('', 0, batch, batch.subarray(layout.batchHeaderBytes)).next()?.key;
    return key?.readInt16BE(2);
  } catch {
    return undefined; // not a marker that we know: nothing of it is shown anyway
  }
}

function describeFault(records: Buffer, at: number, fault: layout.BatchFault): string {
  switch (fault) {
    case 'magic':
      return `expected record format 2, found ${layout.magicOf(records, at)}`;
    case 'crc':
      return 'the checksum (CRC-32C) of the batch does not fit its bytes';
    default:
      return `the ${fault} of the batch cannot be right`;
  }
}
