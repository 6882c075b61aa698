import { EncodeError } from './encode-error.ts';
import type { Int64 } from './int64.ts';
import { isUuid, zeroUuid } from './uuid.ts';

/** Size of a pooled chunk; what one message leaves over serves the next. */
const chunkBytes = 16_384;
/** A pooled chunk with less room than this is dropped rather than kept for the next message. */
const chunkRoomBytesMin = 256;
/** Up to this size bytes are copied into the chunk; larger ones become a chunk of their own, uncopied. */
export const copiedBytesMax = 1_024;
/** Up to this many UTF-16 units a string is first tried as ASCII in JavaScript. */
const inlineStringUnitsMax = 24;

const twoTo32 = 4_294_967_296;

/** Rests of chunks that are kept: a message and a tagged field of it, which is written aside, have one each. */
const spareChunksMax = 2;
/** Rests of the last chunks, waiting for the next writers. */
const spares: Buffer[] = [];

/**
 * Writes Kafka's primitives, big-endian, into a list of chunks. Small values share pooled chunks; large buffers are put
 * in the list as they are, so the caller must not change them until the chunks are sent. A chunk is never written again
 * after `finish`.
 */
export class Writer {
  readonly #chunks: Buffer[] = [];
  #chunk: Buffer;
  #start = 0;
  #position = 0;
  #flushedBytes = 0;

  constructor() {
    this.#chunk = spares.pop() ?? Buffer.allocUnsafeSlow(chunkBytes);
  }

  /** Bytes written so far. */
  get byteLength(): number {
    return this.#flushedBytes + this.#position - this.#start;
  }

  /** Ends the writing and returns the chunks in order. */
  finish(): Buffer[] {
    this.#flush();
    if (this.#chunk.length - this.#position >= chunkRoomBytesMin && spares.length < spareChunksMax)
      spares.push(this.#chunk.subarray(this.#position));
    this.#chunk = Buffer.alloc(0);
    return this.#chunks;
  }

  #flush(): void {
    if (this.#position === this.#start) return;
    this.#chunks.push(this.#chunk.subarray(this.#start, this.#position));
    this.#flushedBytes += this.#position - this.#start;
    this.#start = this.#position;
  }

  /** Makes room for `count` contiguous bytes and returns where they start. */
  #take(count: number): number {
    if (this.#position + count > this.#chunk.length) {
      this.#flush();
      this.#chunk = Buffer.allocUnsafeSlow(Math.max(chunkBytes, count));
      this.#start = 0;
      this.#position = 0;
    }
    const at = this.#position;
    this.#position = at + count;
    return at;
  }

  bool(value: boolean): void {
    const at = this.#take(1);
    this.#chunk[at] = value ? 1 : 0;
  }

  int8(value: number): void {
    const at = this.#take(1);
    this.#chunk[at] = integer(value, -128, 127);
  }

  int16(value: number): void {
    this.#put16(integer(value, -32_768, 32_767));
  }

  uint16(value: number): void {
    this.#put16(integer(value, 0, 65_535));
  }

  int32(value: number): void {
    this.#put32(integer(value, -2_147_483_648, 2_147_483_647));
  }

  uint32(value: number): void {
    this.#put32(integer(value, 0, 4_294_967_295));
  }

  #put16(value: number): void {
    const at = this.#take(2);
    this.#chunk[at] = value >> 8;
    this.#chunk[at + 1] = value;
  }

  #put32(value: number): void {
    const at = this.#take(4);
    const chunk = this.#chunk;
    chunk[at] = value >> 24;
    chunk[at + 1] = value >> 16;
    chunk[at + 2] = value >> 8;
    chunk[at + 3] = value;
  }

  int64(value: number): void {
    integer(value, Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER);
    const high = Math.floor(value / twoTo32);
    this.#put32(high);
    this.#put32(value - high * twoTo32);
  }

  /** @throws EncodeError for a bigint beyond 64 bits and a number that is none exactly */
  int64Wide(value: Int64): void {
    if (typeof value === 'number') {
      this.int64(value);
      return;
    }
    if (BigInt.asIntN(64, value) !== value) throw new EncodeError(`expected an int64, found ${value}`);
    // The place first: a full chunk is replaced by it.
    const at = this.#take(8);
    this.#chunk.writeBigInt64BE(value, at);
  }

  float64(value: number): void {
    const at = this.#take(8);
    this.#chunk.writeDoubleBE(value, at);
  }

  uuid(value: string): void {
    const at = this.#take(16);
    if (value === zeroUuid) {
      this.#chunk.fill(0, at, at + 16);
      return;
    }
    if (!isUuid(value)) throw new EncodeError(`expected a uuid of 22 base64url characters, found "${value}"`);
    this.#chunk.write(value, at, 16, 'base64url');
  }

  uvarint(value: number): void {
    let rest = integer(value, 0, 4_294_967_295);
    while (rest > 0x7f) {
      const at = this.#take(1);
      this.#chunk[at] = (rest & 0x7f) | 0x80;
      rest >>>= 7;
    }
    const at = this.#take(1);
    this.#chunk[at] = rest;
  }

  /** Zigzag, 32 bits. */
  varint(value: number): void {
    integer(value, -2_147_483_648, 2_147_483_647);
    this.uvarint(((value << 1) ^ (value >> 31)) >>> 0);
  }

  /** Zigzag of any safe integer. */
  varlong(value: number): void {
    integer(value, Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER);
    // The zigzag form may need 54 bits, so its lowest seven are taken before it is a number: 2v+s = 128(v div 64)+2(v mod 64)+s.
    const sign = value < 0 ? 1 : 0;
    const size = value < 0 ? -value - 1 : value;
    let rest = Math.floor(size / 64);
    let group = (size % 64) * 2 + sign;
    while (rest > 0) {
      this.int8((group | 0x80) - 256);
      group = rest % 128;
      rest = Math.floor(rest / 128);
    }
    this.int8(group);
  }

  string(value: string): void {
    const length = this.#utf8Length(value);
    if (length > 32_767) throw new EncodeError(`expected a string of at most 32767 bytes, found ${length}`);
    this.#put16(length);
    this.#text(value, length);
  }

  compactString(value: string): void {
    const length = this.#utf8Length(value);
    this.uvarint(length + 1);
    this.#text(value, length);
  }

  bytes(value: Buffer): void {
    this.int32(value.length);
    this.raw(value);
  }

  compactBytes(value: Buffer): void {
    this.uvarint(value.length + 1);
    this.raw(value);
  }

  /** Appends bytes: small ones are copied, larger ones join the list as they are. */
  raw(value: Buffer): void {
    if (value.length <= copiedBytesMax) {
      const at = this.#take(value.length);
      value.copy(this.#chunk, at);
      return;
    }
    this.#flush();
    this.#chunks.push(value);
    this.#flushedBytes += value.length;
  }

  /** Reserves an int32 for a value that is known only later; returns the function that fills it in. */
  reserveInt32(): (value: number) => void {
    const at = this.#take(4);
    const chunk = this.#chunk;
    return (value) => chunk.writeInt32BE(value, at);
  }

  #utf8Length(value: string): number {
    const units = value.length;
    if (units > inlineStringUnitsMax) return Buffer.byteLength(value);
    for (let i = 0; i < units; i++) if (value.charCodeAt(i) > 0x7f) return Buffer.byteLength(value);
    return units;
  }

  #text(value: string, length: number): void {
    const at = this.#take(length);
    if (length > inlineStringUnitsMax || length !== value.length) {
      this.#chunk.write(value, at, length);
      return;
    }
    for (let i = 0; i < length; i++) this.#chunk[at + i] = value.charCodeAt(i);
  }
}

function integer(value: number, min: number, max: number): number {
  if (Number.isInteger(value) && value >= min && value <= max) return value;
  throw new EncodeError(`expected a whole number from ${min} to ${max}, found ${String(value)}`);
}
