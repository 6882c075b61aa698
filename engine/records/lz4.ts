import type { Inflation } from './snappy.ts';
import { copyBack, pauseBytes } from './snappy.ts';

const frameMagic = 0x184d2204;
const skippableMagic = 0x184d2a50;
const firstCapacityBytes = 64 * 1024;

interface Target {
  buffer: Buffer;
  length: number;
  readonly bytesMax: number;
}

/**
 * Inflates LZ4 frames (one or several) to at most `bytesMax`, with pauses, so that large ones can be done
 * in steps. Checksums are skipped: the batch has its own. Throws RangeError on damage.
 */
export function* lz4Inflation(bytes: Buffer, bytesMax: number): Inflation {
  const target: Target = { buffer: Buffer.allocUnsafe(firstCapacityBytes), length: 0, bytesMax };
  for (let at = 0; at < bytes.length; ) {
    const magic = bytes.readUInt32LE(at);
    if ((magic & 0xfffffff0) === (skippableMagic | 0)) at += 8 + bytes.readUInt32LE(at + 4);
    else if (magic === frameMagic) at = yield* readFrame(bytes, at + 4, target);
    else throw new RangeError(`expected an LZ4 frame at byte ${at}, found ${magic.toString(16)}`);
  }
  return target.buffer.subarray(0, target.length);
}

function* readFrame(bytes: Buffer, start: number, target: Target): Generator<number, number> {
  const flags = bytes.readUInt8(start);
  const hasBlockChecksum = (flags & 0x10) !== 0;
  const hasContentSize = (flags & 0x08) !== 0;
  const hasContentChecksum = (flags & 0x04) !== 0;
  const hasDictionary = (flags & 0x01) !== 0;
  let at = start + 3 + (hasContentSize ? 8 : 0) + (hasDictionary ? 4 : 0); // flags, block size, sizes, header checksum
  for (;;) {
    const word = bytes.readUInt32LE(at);
    at += 4;
    if (word === 0) return at + (hasContentChecksum ? 4 : 0);
    const size = word & 0x7fffffff;
    if (at + size > bytes.length) throw new RangeError(`an LZ4 block of ${size} bytes at ${at} is cut short`);
    if (word >>> 31) putLiteral(bytes, at, size, target);
    else yield* readBlock(bytes, at, at + size, target);
    yield target.length;
    at += size + (hasBlockChecksum ? 4 : 0);
  }
}

function* readBlock(bytes: Buffer, start: number, end: number, target: Target): Generator<number, void> {
  let at = start;
  let pauseAt = target.length + pauseBytes;
  while (at < end) {
    if (target.length >= pauseAt) {
      yield target.length;
      pauseAt = target.length + pauseBytes;
    }
    const token = bytes[at++]!;
    let literals = token >> 4;
    if (literals === 15) {
      const long = readLength(bytes, at, end);
      literals += long.value;
      at = long.at;
    }
    if (at + literals > end) throw new RangeError('LZ4 literals leave their block');
    putLiteral(bytes, at, literals, target);
    at += literals;
    if (at >= end) return; // the last sequence has no match
    const offset = bytes.readUInt16LE(at);
    at += 2;
    let length = (token & 15) + 4;
    if ((token & 15) === 15) {
      const long = readLength(bytes, at, end);
      length += long.value;
      at = long.at;
    }
    reserve(target, length);
    target.length = copyBack(target.buffer, target.length, offset, length);
  }
}

function readLength(bytes: Buffer, start: number, end: number): { value: number; at: number } {
  let value = 0;
  for (let at = start; at < end; at++) {
    value += bytes[at]!;
    if (bytes[at] !== 255) return { value, at: at + 1 };
  }
  throw new RangeError('an LZ4 length leaves its block');
}

function putLiteral(bytes: Buffer, at: number, length: number, target: Target): void {
  reserve(target, length);
  bytes.copy(target.buffer, target.length, at, at + length);
  target.length += length;
}

function reserve(target: Target, more: number): void {
  const needed = target.length + more;
  if (needed > target.bytesMax) throw new RangeError(`LZ4 data inflates to more than ${target.bytesMax} bytes`);
  if (needed <= target.buffer.length) return;
  const larger = Buffer.allocUnsafe(Math.min(Math.max(needed, target.buffer.length * 2), target.bytesMax));
  target.buffer.copy(larger, 0, 0, target.length);
  target.buffer = larger;
}
