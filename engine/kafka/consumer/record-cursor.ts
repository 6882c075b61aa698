import * as layout from '../../records/batch-layout.ts';
import { FetchedRecord } from './fetched-record.ts';

/** Bytes in the longest varlong. */
const varlongBytesMax = 10;

/** What a batch says about all its records. */
interface BatchFacts {
  readonly topic: string;
  readonly partition: number;
  readonly baseOffset: number;
  readonly lastOffset: number;
  readonly baseTimestamp: bigint | number;
  readonly isAppendTime: boolean;
  readonly appendTime: number;
  readonly recordCount: number;
}

/** Milliseconds at `position`: a number where it is exact, else a bigint. */
function timestampAt(batch: Buffer, position: number): bigint | number {
  const value = layout.readInt64(batch, position);
  return Number.isSafeInteger(value) ? value : batch.readBigInt64BE(position);
}

/**
 * Reads the records of one batch one after the other. Every length is checked before it is used; a record that does not fit its
 * batch throws a RangeError that says what was expected. Timestamps beyond 2^53 come as the nearest number.
 */
export class RecordCursor {
  readonly #facts: BatchFacts;
  /** The records alone, inflated. */
  readonly #body: Buffer;
  readonly #parts = { keyAt: 0, keyBytes: 0, valueAt: 0, valueBytes: 0, headersAt: 0, headerCount: 0 };
  #at = 0;
  #read = 0;
  #lastOffset: number;

  /** `batch` is one whole batch, `body` what follows its header, inflated. */
  constructor(topic: string, partition: number, batch: Buffer, body: Buffer) {
    const attributes = layout.attributesOf(batch, 0);
    const baseOffset = layout.baseOffsetOf(batch, 0);
    this.#facts = {
      topic,
      partition,
      baseOffset,
      lastOffset: layout.lastOffsetOf(batch, 0),
      baseTimestamp: timestampAt(batch, 27),
      isAppendTime: (attributes & layout.attribute.logAppendTime) !== 0,
      appendTime: layout.maxTimestampOf(batch, 0),
      recordCount: layout.recordCountOf(batch, 0),
    };
    this.#body = body;
    this.#lastOffset = baseOffset - 1;
  }

  /** Records not read yet. */
  get remaining(): number {
    return this.#facts.recordCount - this.#read;
  }

  /** The next record; undefined after the last. */
  next(): FetchedRecord | undefined {
    const facts = this.#facts;
    if (this.#read === facts.recordCount) {
      if (this.#at !== this.#body.length)
        throw new RangeError(`${this.#body.length - this.#at} bytes follow the last record of the batch`);
      return undefined;
    }
    const size = this.#varint();
    const end = this.#at + size;
    if (size < 0 || end > this.#body.length)
      throw new RangeError(`expected a record of at most ${this.#body.length - this.#at} bytes, found one of ${size}`);
    this.#at++;
    const timestampAt = this.#at;
    const timestampDelta = this.#varint();
    const offset = facts.baseOffset + this.#varint();
    if (!(offset > this.#lastOffset && offset <= facts.lastOffset))
      throw new RangeError(`expected an offset from ${this.#lastOffset + 1} to ${facts.lastOffset}, found ${offset}`);
    this.#readParts(end);
    this.#lastOffset = offset;
    this.#read++;
    const timestampMs = facts.isAppendTime ? facts.appendTime : this.#timestamp(timestampDelta, timestampAt);
    const { topic, partition, isAppendTime } = facts;
    return new FetchedRecord(topic, partition, offset, timestampMs, isAppendTime, size, this.#body, this.#parts);
  }

  /** Sums that a number cannot hold are made of the exact bytes: their sign must not flip. */
  #timestamp(delta: number, at: number): number {
    const base = this.#facts.baseTimestamp;
    if (typeof base === 'number' && Number.isSafeInteger(delta)) return base + delta;
    const exact = BigInt.asIntN(64, BigInt(base) + bigVarint(this.#body, at));
    return Number(exact);
  }

  #readParts(end: number): void {
    const parts = this.#parts;
    parts.keyBytes = this.#lengthWithin(end, 'a key');
    parts.keyAt = this.#at;
    if (parts.keyBytes > 0) this.#at += parts.keyBytes;
    parts.valueBytes = this.#lengthWithin(end, 'a value');
    parts.valueAt = this.#at;
    if (parts.valueBytes > 0) this.#at += parts.valueBytes;
    const headers = this.#varint();
    if (headers < 0 || headers > end - this.#at) throw new RangeError(`a record cannot have ${headers} headers`);
    parts.headerCount = headers;
    parts.headersAt = this.#at;
    for (let index = 0; index < headers; index++) this.#skipHeader(end);
    if (this.#at !== end) throw new RangeError(`expected the record to end at byte ${end}, found ${this.#at}`);
  }

  #skipHeader(end: number): void {
    const keyBytes = this.#lengthWithin(end, 'a header name');
    if (keyBytes < 0) throw new RangeError('a record header has no name');
    this.#at += keyBytes;
    const valueBytes = this.#lengthWithin(end, 'a header value');
    this.#at += Math.max(0, valueBytes);
  }

  #lengthWithin(end: number, what: string): number {
    const length = this.#varint();
    if (this.#at + length > end || length < -1)
      throw new RangeError(`expected ${what} of at most ${end - this.#at} bytes, found one of ${length}`);
    return length;
  }

  #varint(): number {
    const body = this.#body;
    let at = this.#at;
    let byte = body[at++];
    if (byte === undefined) throw new RangeError('the batch ends within a record');
    if (byte < 0x80) {
      this.#at = at;
      return (byte >>> 1) ^ -(byte & 1);
    }
    const isNegative = (byte & 1) !== 0;
    let value = (byte & 0x7f) >>> 1;
    let scale = 64;
    for (let count = 1; count < varlongBytesMax; count++) {
      byte = body[at++];
      if (byte === undefined) throw new RangeError('the batch ends within a record');
      value += (byte & 0x7f) * scale;
      if (byte < 0x80) {
        this.#at = at;
        return isNegative ? -value - 1 : value;
      }
      scale *= 128;
    }
    throw new RangeError(`a number in a record is longer than ${varlongBytesMax} bytes`);
  }
}

function bigVarint(bytes: Buffer, from: number): bigint {
  let raw = 0n;
  for (let shift = 0n, at = from; ; shift += 7n) {
    const byte = bytes.readUInt8(at++);
    raw |= BigInt(byte & 0x7f) << shift;
    if (byte < 0x80) return BigInt.asIntN(64, (raw >> 1n) ^ -(raw & 1n));
  }
}
