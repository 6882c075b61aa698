import type { DecodeErrorCode } from './decode-error.ts';
import { DecodeError } from './decode-error.ts';
import type { Int64 } from './int64.ts';
import { int64Of } from './int64.ts';
import { zeroUuid } from './uuid.ts';

/** Array elements of one message in all; a frame of one-byte elements must not grow into gigabytes of objects. */
export const elementsPerMessageMax = 4_194_304;
/** Elements of one array, as in Apache Kafka 4.4. */
export const arrayElementsMax = 1_000_000;
/** Tagged fields of one struct, as in Apache Kafka 4.4. */
export const taggedFieldsMax = 10_000;

/** Up to this many bytes an ASCII string is built in JavaScript, which is cheaper than the call into the runtime. */
const inlineStringBytesMax = 24;

const twoTo32 = 4_294_967_296;
/** High words of -(2^53) and 2^53: the open interval between them is what a number holds exactly. */
const highWordMin = -2_097_152;
const highWordMax = 2_097_151;

/** Whether a number cannot hold the int64 of these words exactly. */
function isUnsafe(high: number, low: number): boolean {
  return high < highWordMin || high > highWordMax || (high === highWordMin && low === 0);
}

/**
 * Reads Kafka's primitives from a buffer, big-endian. Every read checks the bytes left and throws DecodeError; nothing
 * is allocated before the check. Byte ranges are subarrays of the buffer, not copies.
 */
export class Reader {
  readonly buffer: Buffer;
  position: number;
  /** One past the last readable byte; narrowed while a tagged field is read. */
  end: number;
  #elementsLeft = elementsPerMessageMax;

  constructor(buffer: Buffer, offset = 0, end = buffer.length) {
    this.buffer = buffer;
    this.position = offset;
    this.end = end;
  }

  get remaining(): number {
    return this.end - this.position;
  }

  fail(code: DecodeErrorCode, detail: string): DecodeError {
    return new DecodeError(code, detail, this.position);
  }

  /** Moves over `count` bytes and returns where they start. */
  #take(count: number, what: string): number {
    const start = this.position;
    if (start + count > this.end) {
      throw this.fail('TRUNCATED', `expected ${count} bytes for ${what}, found ${this.end - start}`);
    }
    this.position = start + count;
    return start;
  }

  bool(): boolean {
    return this.buffer[this.#take(1, 'a bool')] !== 0;
  }

  int8(): number {
    return ((this.buffer[this.#take(1, 'an int8')] as number) << 24) >> 24;
  }

  int16(): number {
    return (this.uint16() << 16) >> 16;
  }

  uint16(): number {
    const at = this.#take(2, 'a 16 bit number');
    return ((this.buffer[at] as number) << 8) | (this.buffer[at + 1] as number);
  }

  int32(): number {
    const at = this.#take(4, 'a 32 bit number');
    const b = this.buffer;
    return (
      ((b[at] as number) << 24) | ((b[at + 1] as number) << 16) | ((b[at + 2] as number) << 8) | (b[at + 3] as number)
    );
  }

  uint32(): number {
    return this.int32() >>> 0;
  }

  /** Refuses what a JavaScript number cannot hold exactly (beyond ±(2^53-1)). */
  int64(): number {
    if (this.remaining < 8) throw this.fail('TRUNCATED', `expected 8 bytes for an int64, found ${this.remaining}`);
    const high = this.int32();
    const low = this.int32() >>> 0;
    if (isUnsafe(high, low)) {
      this.position -= 8;
      const found = this.buffer.readBigInt64BE(this.position);
      throw this.fail('INT64_OUT_OF_RANGE', `expected an int64 within ±(2^53-1), found ${found}`);
    }
    return high * twoTo32 + low;
  }

  /** An int64 of a client that is only compared with what this program holds itself: beyond ±(2^53-1) the nearest of those. */
  int64Clamped(): number {
    const high = this.int32();
    const low = this.int32() >>> 0;
    if (!isUnsafe(high, low)) return high * twoTo32 + low;
    return high < 0 ? Number.MIN_SAFE_INTEGER : Number.MAX_SAFE_INTEGER;
  }

  /** Any int64, exactly. */
  int64Wide(): Int64 {
    const high = this.int32();
    const low = this.int32() >>> 0;
    return isUnsafe(high, low) ? this.buffer.readBigInt64BE(this.position - 8) : high * twoTo32 + low;
  }

  float64(): number {
    return this.buffer.readDoubleBE(this.#take(8, 'a float64'));
  }

  uuid(): string {
    const at = this.#take(16, 'a uuid');
    if (this.#isZero(at, at + 16)) return zeroUuid;
    return this.buffer.toString('base64url', at, at + 16);
  }

  #isZero(from: number, to: number): boolean {
    for (let at = from; at < to; at++) if (this.buffer[at] !== 0) return false;
    return true;
  }

  /** Unsigned LEB128 of at most five bytes, at most 2^32-1. */
  uvarint(): number {
    const first = this.buffer[this.#take(1, 'a varint')] as number;
    if (first < 0x80) return first;
    let value = first & 0x7f;
    for (let shift = 7; shift < 35; shift += 7) {
      const byte = this.buffer[this.#take(1, 'a varint')] as number;
      if (shift === 28 && byte > 0x0f) break;
      value |= (byte & 0x7f) << shift;
      if (byte < 0x80) return value >>> 0;
    }
    throw this.fail('INVALID_VARINT', 'expected a varint of at most 32 bits, found more');
  }

  /** Zigzag, at most 32 bits. */
  varint(): number {
    const raw = this.uvarint();
    return (raw >>> 1) ^ -(raw & 1);
  }

  /** Zigzag, at most ten bytes; refuses what a JavaScript number cannot hold exactly. */
  varlong(): number {
    let low = 0;
    let factor = 1;
    const start = this.position;
    for (let count = 0; count < 10; count++, factor *= 128) {
      const byte = this.buffer[this.#take(1, 'a varlong')] as number;
      low += (byte & 0x7f) * factor;
      if (byte >= 0x80) continue;
      if (low > Number.MAX_SAFE_INTEGER) return this.#safeVarlong(start, this.position);
      return low % 2 === 0 ? low / 2 : -(low + 1) / 2;
    }
    throw this.fail('INVALID_VARINT', 'expected a varlong of at most ten bytes, found more');
  }

  /** Zigzag, at most ten bytes, exactly. */
  varlongWide(): Int64 {
    const start = this.position;
    for (let count = 0; count < 10; count++) {
      if ((this.buffer[this.#take(1, 'a varlong')] as number) < 0x80) return this.#wideVarlong(start, this.position);
    }
    throw this.fail('INVALID_VARINT', 'expected a varlong of at most ten bytes, found more');
  }

  /** Between 2^53 and 2^54 the zigzag form is too wide for a number although the value may fit: rare, so BigInt. */
  #safeVarlong(start: number, end: number): number {
    const value = this.#wideVarlong(start, end);
    if (typeof value === 'number') return value;
    throw this.fail('INT64_OUT_OF_RANGE', `expected a varlong within ±(2^53-1), found ${value}`);
  }

  #wideVarlong(start: number, end: number): Int64 {
    let raw = 0n;
    for (let at = end - 1; at >= start; at--) raw = (raw << 7n) | BigInt((this.buffer[at] as number) & 0x7f);
    return int64Of(BigInt.asIntN(64, (raw >> 1n) ^ -(raw & 1n)));
  }

  /** Length of a classic string: int16, -1 is null. */
  #stringLength(): number {
    const length = this.int16();
    if (length < -1) throw this.fail('INVALID_LENGTH', `expected a string length of -1 or more, found ${length}`);
    return length;
  }

  /** Length of classic bytes or records: int32, -1 is null. */
  #bytesLength(): number {
    const length = this.int32();
    if (length < -1) throw this.fail('INVALID_LENGTH', `expected a byte length of -1 or more, found ${length}`);
    return length;
  }

  string(): string | null {
    return this.#text(this.#stringLength());
  }

  compactString(): string | null {
    return this.#text(this.uvarint() - 1);
  }

  bytes(): Buffer | null {
    return this.#range(this.#bytesLength());
  }

  compactBytes(): Buffer | null {
    return this.#range(this.uvarint() - 1);
  }

  /** `length` bytes as a subarray. */
  raw(length: number): Buffer {
    const at = this.#take(length, 'a byte range');
    return this.buffer.subarray(at, at + length);
  }

  skip(length: number): void {
    this.#take(length, 'a skipped range');
  }

  #range(length: number): Buffer | null {
    if (length < 0) return null;
    const at = this.#take(length, 'bytes');
    return this.buffer.subarray(at, at + length);
  }

  #text(length: number): string | null {
    if (length < 0) return null;
    const at = this.#take(length, 'a string');
    if (length > inlineStringBytesMax) return this.buffer.toString('utf8', at, at + length);
    let text = '';
    for (let i = at; i < at + length; i++) {
      const byte = this.buffer[i] as number;
      if (byte >= 0x80) return this.buffer.toString('utf8', at, at + length);
      text += String.fromCharCode(byte);
    }
    return text;
  }

  /** Count of a classic array, -1 is null; refused above `elementsMax`, and when `count * elementBytesMin` exceeds the bytes left. */
  arrayCount(elementBytesMin: number, elementsMax = arrayElementsMax): number {
    const count = this.int32();
    if (count < -1) throw this.fail('INVALID_LENGTH', `expected an array count of -1 or more, found ${count}`);
    return this.#boundedCount(count, elementBytesMin, elementsMax);
  }

  compactArrayCount(elementBytesMin: number, elementsMax = arrayElementsMax): number {
    return this.#boundedCount(this.uvarint() - 1, elementBytesMin, elementsMax);
  }

  /** Count of the fields in a tag section; each takes two bytes or more. */
  tagCount(): number {
    const count = this.uvarint();
    if (count > taggedFieldsMax) {
      throw this.fail('TOO_MANY_ELEMENTS', `expected at most ${taggedFieldsMax} tagged fields, found ${count}`);
    }
    if (count * 2 > this.remaining) {
      throw this.fail('INVALID_LENGTH', `expected tagged fields in ${this.remaining} bytes, found a count of ${count}`);
    }
    return count;
  }

  #boundedCount(count: number, elementBytesMin: number, elementsMax: number): number {
    if (count <= 0) return count;
    if (count > elementsMax) {
      throw this.fail('TOO_MANY_ELEMENTS', `expected an array of at most ${elementsMax} elements, found ${count}`);
    }
    if (count * elementBytesMin > this.remaining) {
      throw this.fail(
        'INVALID_LENGTH',
        `expected an array of at most ${this.remaining} bytes, found a count of ${count} elements of ${elementBytesMin} bytes or more`,
      );
    }
    this.#elementsLeft -= count;
    if (this.#elementsLeft < 0) {
      throw this.fail(
        'TOO_MANY_ELEMENTS',
        `expected at most ${elementsPerMessageMax} elements in a message, found more`,
      );
    }
    return count;
  }
}
