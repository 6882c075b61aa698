import { crc32c } from './crc32c.ts';

/**
 * Bytes of a record batch header, magic 2 (KIP-98). All big-endian; `position` is where the batch starts in `buffer`.
 * The getters read in place: the hot path makes no object per batch.
 */
export const batchHeaderBytes = 61;
/** Bytes before those that `batchLength` counts. */
export const batchPrefixBytes = 12;
/** Magic of the only format written and accepted. */
export const currentMagic = 2;
/** Where the checksummed part starts; base offset and leader epoch lie before it, so a broker sets them freely. */
const crcFromByte = 21;

export const int32Max = 0x7fffffff;

/** A signed 64-bit integer as a number; exact within ±2^53. */
export function readInt64(buffer: Buffer, position: number): number {
  return buffer.readInt32BE(position) * 0x100000000 + buffer.readUInt32BE(position + 4);
}

/** Writes a whole number within ±2^63; 2^63 itself, to which a number rounds Long.MAX_VALUE, as that. */
export function writeInt64(buffer: Buffer, value: number, position: number): void {
  const high = Math.floor(value / 0x100000000);
  buffer.writeInt32BE(Math.min(high, int32Max), position);
  buffer.writeUInt32BE(high > int32Max ? 0xffffffff : value >>> 0, position + 4);
}

export const baseOffsetOf = (buffer: Buffer, position: number): number => readInt64(buffer, position);
/** Whole size in bytes, prefix included. */
export const sizeOf = (buffer: Buffer, position: number): number => buffer.readInt32BE(position + 8) + batchPrefixBytes;
export const leaderEpochOf = (buffer: Buffer, position: number): number => buffer.readInt32BE(position + 12);
export const magicOf = (buffer: Buffer, position: number): number => buffer.readInt8(position + 16);
export const crcOf = (buffer: Buffer, position: number): number => buffer.readUInt32BE(position + 17);
export const attributesOf = (buffer: Buffer, position: number): number => buffer.readInt16BE(position + 21);
export const lastOffsetDeltaOf = (buffer: Buffer, position: number): number => buffer.readInt32BE(position + 23);
export const lastOffsetOf = (buffer: Buffer, position: number): number =>
  readInt64(buffer, position) + buffer.readInt32BE(position + 23);
export const baseTimestampOf = (buffer: Buffer, position: number): number => readInt64(buffer, position + 27);
export const maxTimestampOf = (buffer: Buffer, position: number): number => readInt64(buffer, position + 35);
export const producerIdOf = (buffer: Buffer, position: number): number => readInt64(buffer, position + 43);
export const producerEpochOf = (buffer: Buffer, position: number): number => buffer.readInt16BE(position + 51);
export const baseSequenceOf = (buffer: Buffer, position: number): number => buffer.readInt32BE(position + 53);
export const recordCountOf = (buffer: Buffer, position: number): number => buffer.readInt32BE(position + 57);

export const attribute = { codecMask: 7, logAppendTime: 8, transactional: 16, control: 32, deleteHorizon: 64 } as const;

export const isTransactional = (buffer: Buffer, position: number): boolean =>
  (attributesOf(buffer, position) & attribute.transactional) !== 0;
export const isControl = (buffer: Buffer, position: number): boolean =>
  (attributesOf(buffer, position) & attribute.control) !== 0;

/** `sequence + delta` in a space that wraps from 2^31-1 to 0. */
export function sequenceAfter(sequence: number, delta: number): number {
  return (sequence + delta) % (int32Max + 1);
}

/** The broker's stamp: the only 12 bytes that change between producer and disk (8 offset, 4 leader epoch). */
export function stampBatch(buffer: Buffer, position: number, baseOffset: number, leaderEpoch: number): void {
  writeInt64(buffer, baseOffset, position);
  buffer.writeInt32BE(leaderEpoch, position + 12);
}

/** Turns a batch into one with log-append time (`message.timestamp.type=LogAppendTime`); this needs a new checksum. */
export function stampAppendTime(buffer: Buffer, position: number, timestampMs: number): void {
  buffer.writeInt16BE(attributesOf(buffer, position) | attribute.logAppendTime, position + 21);
  writeInt64(buffer, timestampMs, position + 35);
  writeCrc(buffer, position);
}

/** Where the first and the largest timestamp of a batch lie. */
export const baseTimestampByte = 27;
export const maxTimestampByte = 35;

/** Sets the largest timestamp of a batch whose records have their own times; this needs a new checksum. */
export function stampCreateTime(buffer: Buffer, position: number, maxTimestamp: bigint): void {
  buffer.writeInt16BE(attributesOf(buffer, position) & ~attribute.logAppendTime, position + 21);
  buffer.writeBigInt64BE(maxTimestamp, position + maxTimestampByte);
  writeCrc(buffer, position);
}

/** Fits the header to a body in another codec that ends with the buffer: length, codec, checksum. */
export function stampCodec(buffer: Buffer, position: number, codec: number): void {
  buffer.writeInt32BE(buffer.length - position - batchPrefixBytes, position + 8);
  buffer.writeInt16BE((attributesOf(buffer, position) & ~attribute.codecMask) | codec, position + 21);
  writeCrc(buffer, position);
}

/** Sets the checksum of the batch at `position` from its bytes. */
export function writeCrc(buffer: Buffer, position: number): void {
  buffer.writeUInt32BE(crc32c(buffer, position + crcFromByte, position + sizeOf(buffer, position)), position + 17);
}

/** What is wrong with the bytes at `position`, or undefined for a whole magic-2 batch. Reads no further than `end`. */
export type BatchFault = 'short' | 'length' | 'magic' | 'crc' | 'offsets';

/**
 * Checks length, magic, offset delta and CRC of the batch at `position` in `buffer[..end)`.
 * `short`: the buffer ends before the batch does (torn write, or more must be read); the other faults are damage.
 */
export function faultOf(buffer: Buffer, position: number, end: number): BatchFault | undefined {
  if (end - position < batchPrefixBytes + 5) return 'short';
  const magic = magicOf(buffer, position);
  const size = sizeOf(buffer, position);
  if (size < batchHeaderBytes && magic === currentMagic) return 'length';
  if (magic !== currentMagic) return 'magic';
  if (position + size > end) return 'short';
  if (lastOffsetDeltaOf(buffer, position) < 0 || baseOffsetOf(buffer, position) < 0) return 'offsets';
  return crc32c(buffer, position + crcFromByte, position + size) === crcOf(buffer, position) ? undefined : 'crc';
}
