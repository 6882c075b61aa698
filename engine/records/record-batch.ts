import * as layout from './batch-layout.ts';
import { readVarint, varintBytes, writeVarint } from './varint.ts';

/** The header of a record batch v2, with the bits of `attributes` taken apart. */
export interface BatchHeader {
  readonly baseOffset: number;
  /** Whole size in bytes, header included. */
  readonly sizeBytes: number;
  readonly partitionLeaderEpoch: number;
  readonly magic: number;
  readonly crc: number;
  readonly attributes: number;
  readonly compression: Compression;
  readonly isLogAppendTime: boolean;
  readonly isTransactional: boolean;
  readonly isControl: boolean;
  readonly lastOffsetDelta: number;
  readonly lastOffset: number;
  readonly baseTimestamp: number;
  readonly maxTimestamp: number;
  readonly producerId: number;
  readonly producerEpoch: number;
  readonly baseSequence: number;
  readonly recordCount: number;
}

/** Codec of a batch, in the order of its wire number. */
export const compressions = ['none', 'gzip', 'snappy', 'lz4', 'zstd'] as const;
export type Compression = (typeof compressions)[number];

/** Bytes of a batch header: the records, compressed or not, start here. */
export const batchHeaderBytes = layout.batchHeaderBytes;

export interface RecordHeader {
  readonly key: string;
  readonly value: Uint8Array | null;
}

/** A record to write. Offsets are given by its place in the batch unless `offsetDelta` says otherwise. */
export interface RecordInput {
  readonly key: Uint8Array | null;
  readonly value: Uint8Array | null;
  readonly headers?: readonly RecordHeader[];
  /** Milliseconds since 1970; the batch's base timestamp when absent. */
  readonly timestamp?: number;
  readonly offsetDelta?: number;
}

/** A record read back. `key` and `value` are views into the batch (or into its decompressed form). */
export interface LogRecord {
  readonly offset: number;
  readonly timestamp: number;
  readonly key: Buffer | null;
  readonly value: Buffer | null;
  readonly headers: readonly { readonly key: string; readonly value: Buffer | null }[];
}

/** Turns compressed record bytes into plain ones; throws when it cannot. */
export type Decompress = (compression: Compression, bytes: Buffer) => Buffer;

/** Reads the header of the batch at `position`; the caller has seen to it that 61 bytes are there. */
export function readBatchHeader(buffer: Buffer, position = 0): BatchHeader {
  const attributes = layout.attributesOf(buffer, position);
  return {
    baseOffset: layout.baseOffsetOf(buffer, position),
    sizeBytes: layout.sizeOf(buffer, position),
    partitionLeaderEpoch: layout.leaderEpochOf(buffer, position),
    magic: layout.magicOf(buffer, position),
    crc: layout.crcOf(buffer, position),
    attributes,
    compression: compressions[attributes & layout.attribute.codecMask] ?? 'none',
    isLogAppendTime: (attributes & layout.attribute.logAppendTime) !== 0,
    isTransactional: (attributes & layout.attribute.transactional) !== 0,
    isControl: (attributes & layout.attribute.control) !== 0,
    lastOffsetDelta: layout.lastOffsetDeltaOf(buffer, position),
    lastOffset: layout.lastOffsetOf(buffer, position),
    baseTimestamp: layout.baseTimestampOf(buffer, position),
    maxTimestamp: layout.maxTimestampOf(buffer, position),
    producerId: layout.producerIdOf(buffer, position),
    producerEpoch: layout.producerEpochOf(buffer, position),
    baseSequence: layout.baseSequenceOf(buffer, position),
    recordCount: layout.recordCountOf(buffer, position),
  };
}

/** The whole batches in `records`, in order, as views. Stops before a partial or impossible batch; checks no CRC. */
export function* batchesOf(records: Buffer): Generator<Buffer> {
  for (let at = 0; records.length - at >= layout.batchHeaderBytes; ) {
    const size = layout.sizeOf(records, at);
    if (size < layout.batchHeaderBytes || at + size > records.length) return;
    yield records.subarray(at, at + size);
    at += size;
  }
}

/** Whether the batch at `position` is whole, magic 2 and has the right CRC-32C. */
export function isBatchValid(buffer: Buffer, position = 0): boolean {
  return layout.faultOf(buffer, position, buffer.length) === undefined;
}

/** What `encodeBatch` needs; everything absent gets Kafka's "none" value. */
export interface BatchInput {
  readonly records: readonly RecordInput[];
  /** Milliseconds since 1970. */
  readonly baseTimestamp: number;
  readonly baseOffset?: number;
  readonly partitionLeaderEpoch?: number;
  readonly producerId?: number;
  readonly producerEpoch?: number;
  readonly baseSequence?: number;
  readonly isTransactional?: boolean;
  readonly isControl?: boolean;
  /** Compresses the record bytes; `none` when absent. */
  readonly compress?: { readonly type: Compression; readonly apply: (bytes: Buffer) => Buffer };
}

/** Makes one record batch v2 with its checksum. At least one record. */
export function encodeBatch(input: BatchInput): Buffer {
  const { records, baseTimestamp, compress } = input;
  const plain = encodeRecords(records, baseTimestamp);
  const body = compress && compress.type !== 'none' ? compress.apply(plain) : plain;
  const batch = Buffer.allocUnsafe(layout.batchHeaderBytes + body.length);
  const last = records.length - 1;
  layout.stampBatch(batch, 0, input.baseOffset ?? 0, input.partitionLeaderEpoch ?? -1);
  batch.writeInt32BE(batch.length - layout.batchPrefixBytes, 8);
  batch.writeInt8(layout.currentMagic, 16);
  batch.writeInt16BE(
    compressions.indexOf(compress?.type ?? 'none') |
      (input.isTransactional ? layout.attribute.transactional : 0) |
      (input.isControl ? layout.attribute.control : 0),
    21,
  );
  batch.writeInt32BE(records[last]?.offsetDelta ?? last, 23);
  layout.writeInt64(batch, baseTimestamp, 27);
  layout.writeInt64(batch, Math.max(...records.map((record) => record.timestamp ?? baseTimestamp)), 35);
  layout.writeInt64(batch, input.producerId ?? -1, 43);
  batch.writeInt16BE(input.producerEpoch ?? -1, 51);
  batch.writeInt32BE(input.baseSequence ?? -1, 53);
  batch.writeInt32BE(records.length, 57);
  body.copy(batch, layout.batchHeaderBytes);
  layout.writeCrc(batch, 0);
  return batch;
}

function encodeRecords(records: readonly RecordInput[], baseTimestamp: number): Buffer {
  const sizes = records.map((record, index) => recordBytes(record, index, baseTimestamp));
  const target = Buffer.allocUnsafe(sizes.reduce((sum, size) => sum + size + varintBytes(size), 0));
  let at = 0;
  records.forEach((record, index) => {
    at = writeVarint(target, sizes[index]!, at);
    target[at++] = 0; // record attributes: none are defined
    at = writeVarint(target, (record.timestamp ?? baseTimestamp) - baseTimestamp, at);
    at = writeVarint(target, record.offsetDelta ?? index, at);
    at = writeBytes(target, record.key, at);
    at = writeBytes(target, record.value, at);
    at = writeVarint(target, record.headers?.length ?? 0, at);
    for (const header of record.headers ?? []) {
      at = writeBytes(target, Buffer.from(header.key), at);
      at = writeBytes(target, header.value, at);
    }
  });
  return target;
}

function recordBytes(record: RecordInput, index: number, baseTimestamp: number): number {
  let size = 1 + varintBytes((record.timestamp ?? baseTimestamp) - baseTimestamp);
  size += varintBytes(record.offsetDelta ?? index) + bytesSize(record.key) + bytesSize(record.value);
  size += varintBytes(record.headers?.length ?? 0);
  for (const header of record.headers ?? []) {
    const keyBytes = Buffer.byteLength(header.key);
    size += varintBytes(keyBytes) + keyBytes + bytesSize(header.value);
  }
  return size;
}

function bytesSize(bytes: Uint8Array | null): number {
  return bytes ? varintBytes(bytes.length) + bytes.length : 1;
}

function writeBytes(target: Buffer, bytes: Uint8Array | null, at: number): number {
  const next = writeVarint(target, bytes ? bytes.length : -1, at);
  if (!bytes) return next;
  target.set(bytes, next);
  return next + bytes.length;
}

/**
 * The records of one whole batch. `decompress` is needed for compressed batches only (record-decompress.ts).
 * Throws RangeError when the bytes do not hold the records that the header promises.
 */
export function decodeRecords(batch: Buffer, options: { readonly decompress?: Decompress } = {}): LogRecord[] {
  const header = readBatchHeader(batch);
  const codec = header.attributes & layout.attribute.codecMask;
  const body = batch.subarray(layout.batchHeaderBytes, header.sizeBytes);
  if (codec && !options.decompress) throw new RangeError(`a ${header.compression} batch needs a decompressor`);
  const cursor = { buffer: codec ? options.decompress!(header.compression, body) : body, at: 0 };
  const records: LogRecord[] = [];
  for (let index = 0; index < header.recordCount; index++) records.push(readRecord(cursor, header));
  if (cursor.at !== cursor.buffer.length)
    throw new RangeError(`${cursor.buffer.length - cursor.at} bytes follow the last record`);
  return records;
}

function readRecord(cursor: { buffer: Buffer; at: number }, header: BatchHeader): LogRecord {
  const size = readVarint(cursor);
  const end = cursor.at + size;
  if (size < 0 || end > cursor.buffer.length) throw new RangeError(`a record of ${size} bytes does not fit its batch`);
  cursor.at++;
  const timestampDelta = readVarint(cursor);
  const offset = header.baseOffset + readVarint(cursor);
  const key = readBytes(cursor, end);
  const value = readBytes(cursor, end);
  const headers = readHeaders(cursor, end);
  if (cursor.at !== end) throw new RangeError(`record at offset ${offset} ends at byte ${cursor.at} instead of ${end}`);
  const timestamp = header.isLogAppendTime ? header.maxTimestamp : header.baseTimestamp + timestampDelta;
  return { offset, timestamp, key, value, headers };
}

function readHeaders(cursor: { buffer: Buffer; at: number }, end: number): LogRecord['headers'] {
  const count = readVarint(cursor);
  if (count < 0 || count > end - cursor.at) throw new RangeError(`a record with ${count} headers`);
  const headers = [];
  for (let index = 0; index < count; index++) {
    const key = readBytes(cursor, end);
    if (key === null) throw new RangeError('a record header without a key');
    headers.push({ key: key.toString(), value: readBytes(cursor, end) });
  }
  return headers;
}

function readBytes(cursor: { buffer: Buffer; at: number }, end: number): Buffer | null {
  const length = readVarint(cursor);
  if (length < 0) return null;
  if (cursor.at + length > end) throw new RangeError(`a field of ${length} bytes does not fit its record`);
  cursor.at += length;
  return cursor.buffer.subarray(cursor.at - length, cursor.at);
}
