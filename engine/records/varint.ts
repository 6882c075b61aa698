/** A place in a buffer that moves on as values are read. Reading past the end throws RangeError, as Buffer does. */
export interface Cursor {
  readonly buffer: Buffer;
  at: number;
}

/** Bytes in the longest varlong. */
const varlongBytesMax = 10;

/** A zigzag varint or varlong; exact within ±2^52. */
export function readVarint(cursor: Cursor): number {
  let value = 0;
  let scale = 1;
  for (let count = 0; count < varlongBytesMax; count++) {
    const byte = cursor.buffer.readUInt8(cursor.at++);
    value += (byte & 0x7f) * scale;
    if (byte < 0x80) return value % 2 === 0 ? value / 2 : -(value + 1) / 2;
    scale *= 128;
  }
  throw new RangeError(`varint at byte ${cursor.at - varlongBytesMax} is longer than ${varlongBytesMax} bytes`);
}

/** Writes a zigzag varint at `at`; returns the position after it. */
export function writeVarint(buffer: Buffer, value: number, at: number): number {
  let rest = value < 0 ? -2 * value - 1 : 2 * value;
  let next = at;
  for (; rest >= 0x80; rest = Math.floor(rest / 128)) buffer[next++] = (rest % 128) | 0x80;
  buffer[next++] = rest;
  return next;
}

/** Bytes that `writeVarint` would write. */
export function varintBytes(value: number): number {
  let rest = value < 0 ? -2 * value - 1 : 2 * value;
  let bytes = 1;
  for (; rest >= 0x80; rest = Math.floor(rest / 128)) bytes++;
  return bytes;
}
