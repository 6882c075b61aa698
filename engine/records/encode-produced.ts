import * as layout from './batch-layout.ts';
import type { Compression } from './record-batch.ts';
import { compressions } from './record-batch.ts';

/** A record to produce. Times beyond ±2^53 are exact as far as a double is; 2^63 stands for Kafka's largest, 2^63-1. */
export interface ProducedRecord {
  readonly key?: Uint8Array | null | undefined;
  /** Null is a tombstone. */
  readonly value: Uint8Array | null;
  readonly headers?: readonly { readonly key: string; readonly value: Uint8Array | null }[] | undefined;
  /** Milliseconds since 1970, -1 for none. */
  readonly timestampMs: number;
}

/** Who wrote a batch: -1 each for a producer that is not idempotent. */
export interface BatchIdentity {
  readonly producerId: number;
  readonly producerEpoch: number;
  readonly baseSequence: number;
}

const twoTo63 = 2 ** 63;
/** Below this a difference of two times is exact as a double, and so is its zigzag form. */
const exactDelta = 2 ** 51;
/** Up to this many bytes a loop copies faster than a call. */
const loopBytesMax = 24;

/** Sizes of the records of the batch under way; kept, so that a batch costs no array. */
let sizes = new Uint32Array(1_024);

/**
 * Bytes of the record section of a batch; call it before `writeRecords`, whose sizes it works out.
 * @param records at least one
 */
export function measureRecords(records: readonly ProducedRecord[]): number {
  const base = records[0]!.timestampMs;
  if (records.length > sizes.length) sizes = new Uint32Array(records.length * 2);
  let total = 0;
  for (let index = 0; index < records.length; index++) {
    const { key, value, headers, timestampMs } = records[index]!;
    let size = 1 + deltaBytes(timestampMs, base) + unsignedBytes(index * 2) + bytesOf(key) + bytesOf(value);
    if (headers === undefined || headers.length === 0) size += 1;
    else size += headersBytes(headers);
    sizes[index] = size;
    total += size + unsignedBytes(size * 2);
  }
  return total;
}

/** Writes the record section at `at`, right after `measureRecords` of the same records; returns where it ends. */
export function writeRecords(target: Buffer, start: number, records: readonly ProducedRecord[]): number {
  const base = records[0]!.timestampMs;
  let at = start;
  for (let index = 0; index < records.length; index++) {
    const { key, value, headers, timestampMs } = records[index]!;
    at = putUnsigned(target, sizes[index]! * 2, at);
    target[at++] = 0; // record attributes: none are defined
    at = timestampMs === base ? putZero(target, at) : putDelta(target, timestampMs, base, at);
    at = putUnsigned(target, index * 2, at);
    at = putBytes(target, key, at);
    at = putBytes(target, value, at);
    if (headers === undefined || headers.length === 0) target[at++] = 0;
    else at = putHeaders(target, headers, at);
  }
  return at;
}

/** Writes the header of a batch whose `bodyBytes` of records are in `target` behind it, and its checksum over both. */
export function writeBatchHeader(
  target: Buffer,
  bodyBytes: number,
  records: readonly ProducedRecord[],
  identity: BatchIdentity,
  compression: Compression,
  isTransactional = false,
): void {
  const last = records.length - 1;
  const base = records[0]!.timestampMs;
  let latest = base;
  for (const { timestampMs } of records) if (timestampMs > latest) latest = timestampMs;
  layout.stampBatch(target, 0, 0, -1);
  target.writeInt32BE(layout.batchHeaderBytes + bodyBytes - layout.batchPrefixBytes, 8);
  target[16] = layout.currentMagic;
  const codec = compressions.indexOf(compression);
  target.writeInt16BE(isTransactional ? codec | layout.attribute.transactional : codec, 21);
  target.writeInt32BE(last, 23);
  writeTime(target, base, 27);
  writeTime(target, latest, 35);
  layout.writeInt64(target, identity.producerId, 43);
  target.writeInt16BE(identity.producerEpoch, 51);
  target.writeInt32BE(identity.baseSequence, 53);
  target.writeInt32BE(records.length, 57);
  layout.writeCrc(target, 0);
}

/** Gives an encoded batch another writer: the records stay, 14 bytes and the checksum change. */
export function setIdentity(batch: Buffer, { producerId, producerEpoch, baseSequence }: BatchIdentity): void {
  layout.writeInt64(batch, producerId, 43);
  batch.writeInt16BE(producerEpoch, 51);
  batch.writeInt32BE(baseSequence, 53);
  layout.writeCrc(batch, 0);
}

function writeTime(target: Buffer, timeMs: number, at: number): void {
  if (timeMs < twoTo63) layout.writeInt64(target, timeMs, at);
  else target.writeBigInt64BE(int64Of(timeMs), at);
}

const int64Of = (timeMs: number): bigint => (timeMs >= twoTo63 ? 2n ** 63n - 1n : BigInt(timeMs));

function unsignedBytes(value: number): number {
  if (value < 0x80) return 1;
  if (value < 0x4000) return 2;
  if (value < 0x200000) return 3;
  if (value < 0x10000000) return 4;
  return 5;
}

function putUnsigned(target: Buffer, value: number, at: number): number {
  let next = at;
  let rest = value;
  while (rest > 0x7f) {
    target[next++] = (rest & 0x7f) | 0x80;
    rest >>>= 7;
  }
  target[next++] = rest;
  return next;
}

function putZero(target: Buffer, at: number): number {
  target[at] = 0;
  return at + 1;
}

function zigzag64(timeMs: number, base: number): bigint {
  const delta = BigInt.asIntN(64, int64Of(timeMs) - int64Of(base));
  return BigInt.asUintN(64, (delta << 1n) ^ (delta >> 63n));
}

function deltaBytes(timeMs: number, base: number): number {
  const delta = timeMs - base;
  if (delta === 0) return 1;
  if (Math.abs(delta) < exactDelta) {
    let rest = delta < 0 ? -2 * delta - 1 : 2 * delta;
    let bytes = 1;
    for (; rest >= 0x80; rest = Math.floor(rest / 128)) bytes++;
    return bytes;
  }
  let bytes = 1;
  for (let rest = zigzag64(timeMs, base) >> 7n; rest > 0n; rest >>= 7n) bytes++;
  return bytes;
}

/** A zigzag varint of 64 bits: clients that cut it to 32 spoil times more than 24.8 days from the first of their batch. */
function putDelta(target: Buffer, timeMs: number, base: number, at: number): number {
  const delta = timeMs - base;
  let next = at;
  if (Math.abs(delta) < exactDelta) {
    let rest = delta < 0 ? -2 * delta - 1 : 2 * delta;
    for (; rest >= 0x80; rest = Math.floor(rest / 128)) target[next++] = (rest % 128) | 0x80;
    target[next++] = rest;
    return next;
  }
  let rest = zigzag64(timeMs, base);
  for (; rest >= 0x80n; rest >>= 7n) target[next++] = Number(rest & 0x7fn) | 0x80;
  target[next++] = Number(rest);
  return next;
}

function bytesOf(bytes: Uint8Array | null | undefined): number {
  if (!bytes) return 1;
  return unsignedBytes(bytes.length * 2) + bytes.length;
}

function putBytes(target: Buffer, bytes: Uint8Array | null | undefined, at: number): number {
  if (!bytes) {
    target[at] = 1; // zigzag of -1: null
    return at + 1;
  }
  const { length } = bytes;
  const next = putUnsigned(target, length * 2, at);
  if (length > loopBytesMax) target.set(bytes, next);
  else for (let index = 0; index < length; index++) target[next + index] = bytes[index]!;
  return next + length;
}

type Headers = NonNullable<ProducedRecord['headers']>;

function headersBytes(headers: Headers): number {
  let size = unsignedBytes(headers.length * 2);
  for (const { key, value } of headers) {
    const keyBytes = Buffer.byteLength(key);
    size += unsignedBytes(keyBytes * 2) + keyBytes + bytesOf(value);
  }
  return size;
}

function putHeaders(target: Buffer, headers: Headers, start: number): number {
  let at = putUnsigned(target, headers.length * 2, start);
  for (const { key, value } of headers) {
    const keyBytes = Buffer.byteLength(key);
    at = putUnsigned(target, keyBytes * 2, at);
    at += target.write(key, at, keyBytes, 'utf8');
    at = putBytes(target, value, at);
  }
  return at;
}
