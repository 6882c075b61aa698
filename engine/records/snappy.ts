/** Header of the framing that Java's snappy library writes: magic, version, lowest compatible version. Raw blocks have none. */
const xerialMagic = Buffer.from([0x82, 0x53, 0x4e, 0x41, 0x50, 0x50, 0x59, 0x00]);
const xerialHeaderBytes = 16;

/** Work of inflating that can be done in steps: yields the bytes that are there so far, returns all of them. */
export type Inflation = Generator<number, Buffer>;

/** No element of a block makes more than 64 bytes of 3: a larger claim is not believed, and no memory taken for it. */
const ratioMax = 22;

/** From here on a run is copied in steps that double. */
const longRunBytes = 64;

/** Bytes that a block inflates to before it pauses. */
export const pauseBytes = 256 * 1024;

/** Inflates snappy, raw or in xerial framing, to at most `bytesMax`, in steps. Throws RangeError on damage. */
export function* snappyInflation(bytes: Buffer, bytesMax: number): Inflation {
  if (!bytes.subarray(0, xerialMagic.length).equals(xerialMagic)) return yield* inflateBlock(bytes, bytesMax);
  const blocks: Buffer[] = [];
  let total = 0;
  for (let at = xerialHeaderBytes; at < bytes.length; ) {
    if (bytes.subarray(at, at + xerialMagic.length).equals(xerialMagic)) at += xerialHeaderBytes; // streams one after the other
    const length = bytes.readInt32BE(at);
    const block = yield* inflateBlock(slice(bytes, at + 4, length), bytesMax - total);
    blocks.push(block);
    total += block.length;
    at += 4 + length;
    yield total;
  }
  return Buffer.concat(blocks, total);
}

function slice(bytes: Buffer, at: number, length: number): Buffer {
  if (length < 0 || at + length > bytes.length)
    throw new RangeError(`a snappy block of ${length} bytes at ${at} is cut short`);
  return bytes.subarray(at, at + length);
}

/** One raw block: inflated size as a varint, then literals and copies. */
function* inflateBlock(bytes: Buffer, bytesMax: number): Inflation {
  const head = readSize(bytes);
  if (head.size > bytesMax) throw new RangeError(`snappy data inflates to ${head.size} bytes, above ${bytesMax}`);
  if (head.size > bytes.length * ratioMax)
    throw new RangeError(`${bytes.length} bytes of snappy cannot inflate to ${head.size}`);
  const target = Buffer.allocUnsafe(head.size);
  let at = head.at;
  let out = 0;
  let pauseAt = pauseBytes;
  while (at < bytes.length) {
    if (out >= pauseAt) {
      yield out;
      pauseAt = out + pauseBytes;
    }
    const tag = bytes[at++]!;
    if ((tag & 3) === 0) {
      const extra = Math.max((tag >> 2) - 59, 0); // 60 to 63: the length follows in 1 to 4 bytes
      const length = (extra ? bytes.readUIntLE(at, extra) : tag >> 2) + 1;
      at += extra;
      if (out + length > target.length) throw new RangeError('snappy literal leaves its block');
      slice(bytes, at, length).copy(target, out);
      at += length;
      out += length;
    } else {
      const copy = readCopy(bytes, at, tag);
      at = copy.at;
      out = copyBack(target, out, copy.offset, copy.length);
    }
  }
  if (out !== target.length) throw new RangeError(`snappy data inflated to ${out} bytes instead of ${target.length}`);
  return target;
}

function readSize(bytes: Buffer): { size: number; at: number } {
  let size = 0;
  for (let at = 0; at < 5; at++) {
    const byte = bytes.readUInt8(at);
    size += (byte & 0x7f) * 2 ** (7 * at);
    if (byte < 0x80) return { size, at: at + 1 };
  }
  throw new RangeError('snappy size is longer than 5 bytes');
}

function readCopy(bytes: Buffer, at: number, tag: number): { offset: number; length: number; at: number } {
  if ((tag & 3) === 1)
    return { offset: ((tag >> 5) << 8) | bytes.readUInt8(at), length: ((tag >> 2) & 7) + 4, at: at + 1 };
  const width = (tag & 3) === 2 ? 2 : 4;
  return { offset: bytes.readUIntLE(at, width), length: (tag >> 2) + 1, at: at + width };
}

/** Repeats `length` bytes from `offset` bytes back; they may overlap what is being written. Returns the new end. */
export function copyBack(target: Buffer, out: number, offset: number, length: number): number {
  if (offset < 1 || offset > out || out + length > target.length)
    throw new RangeError(`a copy of ${length} bytes from ${offset} back does not fit at ${out}`);
  if (offset >= length) target.copyWithin(out, out - offset, out - offset + length);
  else if (length < longRunBytes)
    for (let index = 0; index < length; index++) target[out + index] = target[out - offset + index]!;
  else repeat(target, out, offset, length);
  return out + length;
}

/** A run of megabytes may be one copy: what is there doubles with each step. */
function repeat(target: Buffer, out: number, offset: number, length: number): void {
  const start = out - offset;
  for (let done = offset; done < offset + length; ) {
    const more = Math.min(done, offset + length - done);
    target.copyWithin(start + done, start, start + more);
    done += more;
  }
}
