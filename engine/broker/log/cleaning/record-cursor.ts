/** Longest varint of 32 bits and varlong of 64 bits, in bytes. */
const varintBytesMax = 5;
const varlongBytesMax = 10;
/** Within this a timestamp delta is read exactly. */
const exactMax = 2 ** 52;

/**
 * Walks the records of one batch, as they are without compression, and makes no object for any of them: a cleaning looks at
 * every record of a log. Fields speak of the record that `next` came to.
 */
export class RecordCursor {
  /** Where the record begins, with its length. */
  start = 0;
  /** Where it ends. */
  end = 0;
  /** Where its timestamp delta begins and ends, and what it is. */
  deltaAt = 0;
  deltaEnd = 0;
  timestampDelta = 0;
  /** Whether `timestampDelta` is exact. */
  isExact = true;
  offsetDelta = 0;
  keyAt = 0;
  /** Negative: it has no key. */
  keyBytes = 0;
  hasValue = false;
  #bytes: Buffer = Buffer.alloc(0);
  #next = 0;

  /** Starts at `from`; nothing is read at or behind `to`. */
  begin(bytes: Buffer, from: number): void {
    this.#bytes = bytes;
    this.end = from;
  }

  /** Moves to the next record. Throws RangeError where the bytes are none. */
  next(): void {
    this.start = this.end;
    const size = this.#varint(this.start, varintBytesMax);
    const from = this.#next;
    this.end = from + size;
    if (!(size > 0 && this.end <= this.#bytes.length))
      throw new RangeError(`a record of ${size} bytes where ${this.#bytes.length - from} are left`);
    this.deltaAt = from + 1;
    this.timestampDelta = this.#varint(this.deltaAt, varlongBytesMax);
    this.deltaEnd = this.#next;
    this.isExact = this.timestampDelta > -exactMax && this.timestampDelta < exactMax;
    this.offsetDelta = this.#varint(this.deltaEnd, varintBytesMax);
    this.keyBytes = this.#varint(this.#next, varintBytesMax);
    this.keyAt = this.#next;
    const valueAt = this.keyAt + (this.keyBytes > 0 ? this.keyBytes : 0);
    this.hasValue = this.#varint(valueAt, varintBytesMax) >= 0;
    if (this.#next > this.end) throw new RangeError(`a key of ${this.keyBytes} bytes in a record of ${size}`);
  }

  #varint(at: number, bytesMax: number): number {
    const bytes = this.#bytes;
    const first = bytes[at]!;
    if (first < 0x80) {
      this.#next = at + 1;
      return (first >>> 1) ^ -(first & 1);
    }
    let value = 0;
    let scale = 1;
    for (let count = 0; count < bytesMax; count++) {
      const byte = bytes[at + count];
      if (byte === undefined) break;
      value += (byte & 0x7f) * scale;
      if (byte < 0x80) {
        this.#next = at + count + 1;
        return value % 2 === 0 ? value / 2 : -(value + 1) / 2;
      }
      scale *= 128;
    }
    throw new RangeError(`a number at byte ${at} that does not end`);
  }
}
