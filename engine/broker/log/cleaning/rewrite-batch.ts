import * as layout from '../../../records/batch-layout.ts';
import { varintBytes, writeVarint } from '../../../records/varint.ts';
import { RecordCursor } from './record-cursor.ts';

/** Largest varlong in bytes: a timestamp delta may grow to it when the base of the batch changes. */
const varlongBytesMax = 10;
/** Within this a number is written exactly. */
const exactMax = 2 ** 52;

/** What of a batch is written again. */
export interface RewriteOptions {
  /** The records of the batch without compression, from `from` on. */
  readonly body: Buffer;
  readonly from: number;
  /** 1 for each record that stays. */
  readonly keeps: Uint8Array;
  readonly kept: number;
  /** The delete horizon of the batch; undefined when it has none. */
  readonly horizonMs: number | undefined;
}

/**
 * The batch with the records that stay: offsets, sequence, producer and epochs as they were, so that all positions hold. The
 * result is not compressed, whatever its codec says; the header is right when `finishBatch` has seen the final body.
 */
export function rewriteBatch(batch: Buffer, { body, from, keeps, kept, horizonMs }: RewriteOptions): Buffer {
  const count = layout.recordCountOf(batch, 0);
  const attributes = layout.attributesOf(batch, 0);
  // With log-append time all records have the time of the header, and their deltas say nothing.
  const hasOneTime = (attributes & layout.attribute.logAppendTime) !== 0;
  const times = new Times(batch, hasOneTime ? undefined : horizonMs);
  const sizeMax = body.length - from + (times.isShifted ? kept * varlongBytesMax : 0);
  const target = Buffer.allocUnsafe(layout.batchHeaderBytes + sizeMax);
  batch.copy(target, 0, 0, layout.batchHeaderBytes);
  const cursor = new RecordCursor();
  cursor.begin(body, from);
  let at = layout.batchHeaderBytes;
  for (let index = 0; index < count; index++) {
    cursor.next();
    if (keeps[index] === 0) continue;
    const delta = times.deltaOf(cursor, body);
    at = times.isShifted
      ? copyShifted(body, cursor, target, at, delta)
      : at + body.copy(target, at, cursor.start, cursor.end);
  }
  target.writeInt32BE(kept, 57);
  if (!hasOneTime) target.writeBigInt64BE(times.max, layout.maxTimestampByte);
  if (horizonMs !== undefined) {
    target.writeBigInt64BE(BigInt(horizonMs), layout.baseTimestampByte);
    target.writeInt16BE(attributes | layout.attribute.deleteHorizon, 21);
  }
  return target.subarray(0, at);
}

/** The timestamps of a batch whose base may change, exact at all sizes; numbers as long as they are. */
class Times {
  readonly isShifted: boolean;
  readonly #base: bigint;
  readonly #baseMs: number;
  readonly #newBase: bigint;
  readonly #shiftMs: number;
  #max = -1n;
  #maxMs = -1;

  constructor(batch: Buffer, newBaseMs: number | undefined) {
    this.#base = batch.readBigInt64BE(layout.baseTimestampByte);
    this.#baseMs = Number(this.#base);
    this.#newBase = newBaseMs === undefined ? this.#base : BigInt(newBaseMs);
    this.#shiftMs = this.#baseMs - Number(this.#newBase);
    this.isShifted = this.#base !== this.#newBase;
  }

  /** Largest timestamp of the records that were asked about. */
  get max(): bigint {
    const max = BigInt(this.#maxMs);
    return max > this.#max ? max : this.#max;
  }

  /** The timestamp delta of the record against the new base. */
  deltaOf(cursor: RecordCursor, body: Buffer): number | bigint {
    const timestampMs = this.#baseMs + cursor.timestampDelta;
    const delta = cursor.timestampDelta + this.#shiftMs;
    if (cursor.isExact && isExact(this.#baseMs) && isExact(timestampMs) && isExact(delta)) {
      if (timestampMs > this.#maxMs) this.#maxMs = timestampMs;
      return delta;
    }
    const timestamp = BigInt.asIntN(64, this.#base + exactVarlong(body, cursor.deltaAt));
    if (timestamp > this.#max) this.#max = timestamp;
    return BigInt.asIntN(64, timestamp - this.#newBase);
  }
}

const isExact = (value: number): boolean => value > -exactMax && value < exactMax;

/** The batch without records: its offsets, and the sequence of its producer, stay known. */
export function emptyBatch(batch: Buffer): Buffer {
  const header = Buffer.from(batch.subarray(0, layout.batchHeaderBytes));
  const dropped = layout.attribute.codecMask | layout.attribute.deleteHorizon;
  header.writeInt16BE(layout.attributesOf(batch, 0) & ~dropped, 21);
  header.writeBigInt64BE(-1n, layout.baseTimestampByte);
  header.writeInt32BE(0, 57);
  return finishBatch(header);
}

/** Sets length and checksum of a batch that ends with the buffer. */
export function finishBatch(batch: Buffer): Buffer {
  batch.writeInt32BE(batch.length - layout.batchPrefixBytes, 8);
  layout.writeCrc(batch, 0);
  return batch;
}

/** Writes the record with another timestamp delta; what comes before and behind it stays. */
function copyShifted(body: Buffer, cursor: RecordCursor, target: Buffer, at: number, delta: number | bigint): number {
  const isNumber = typeof delta === 'number';
  const size = 1 + (isNumber ? varintBytes(delta) : exactVarlongBytes(delta)) + cursor.end - cursor.deltaEnd;
  let next = writeVarint(target, size, at);
  target[next++] = body[cursor.deltaAt - 1]!;
  next = isNumber ? writeVarint(target, delta, next) : writeExactVarlong(target, delta, next);
  return next + body.copy(target, next, cursor.deltaEnd, cursor.end);
}

function exactVarlong(bytes: Buffer, from: number): bigint {
  let value = 0n;
  for (let at = 0; at < varlongBytesMax; at++) {
    const byte = bytes[from + at]!;
    value |= BigInt(byte & 0x7f) << BigInt(7 * at);
    if (byte < 0x80) break;
  }
  return BigInt.asIntN(64, (value >> 1n) ^ -(value & 1n));
}

const zigzag = (delta: bigint): bigint => BigInt.asUintN(64, (delta << 1n) ^ (delta >> 63n));

function exactVarlongBytes(delta: bigint): number {
  let bytes = 1;
  for (let rest = zigzag(delta) >> 7n; rest > 0n; rest >>= 7n) bytes++;
  return bytes;
}

function writeExactVarlong(target: Buffer, delta: bigint, at: number): number {
  let next = at;
  let rest = zigzag(delta);
  for (; rest >= 0x80n; rest >>= 7n) target[next++] = Number(rest & 0x7fn) | 0x80;
  target[next++] = Number(rest);
  return next;
}
