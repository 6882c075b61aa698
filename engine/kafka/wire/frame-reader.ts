import { DecodeError } from '../../protocol/decode-error.ts';

const sizeFieldBytes = 4;
/** Frames that fit are copied out of one buffer that is read into again and again. */
const scratchBytes = 64 * 1024;
/**
 * A larger frame gets a buffer of at most this size at first, which grows with what has arrived: a size field alone costs no more,
 * and the system gives memory only as it is written. Holds the largest fetch response that is asked for.
 */
const firstAllocationBytesMax = 16 * 1024 * 1024;

/**
 * Cuts a byte stream into frames (int32 size, then that many bytes) where the reader says what is read into: the bytes of a
 * large frame go from the system straight to their place. After an error it is of no further use: close the connection.
 */
export class FrameReader {
  readonly #frameBytesMax: number;
  readonly #onFrame: (frame: Buffer) => void;
  readonly #scratch = Buffer.allocUnsafeSlow(scratchBytes);
  /** Bytes of a size field that is cut, at the front of the scratch buffer. */
  #scratchUsed = 0;
  #frame: Buffer | undefined;
  #frameBytes = 0;
  #filled = 0;

  constructor(frameBytesMax: number, onFrame: (frame: Buffer) => void) {
    this.#frameBytesMax = frameBytesMax;
    this.#onFrame = onFrame;
  }

  /** Where the next bytes belong. */
  buffer(): Buffer {
    return this.#frame ? this.#frame.subarray(this.#filled) : this.#scratch.subarray(this.#scratchUsed);
  }

  /** Takes bytes that lie elsewhere. @throws DecodeError as `received` */
  push(chunk: Buffer): void {
    for (let at = 0; at < chunk.length; ) {
      const count = chunk.copy(this.buffer(), 0, at);
      at += count;
      this.received(count);
    }
  }

  /**
   * So many bytes were read into what `buffer` gave.
   * @throws DecodeError `FRAME_TOO_LARGE` or `FRAME_SIZE_NEGATIVE`
   */
  received(count: number): void {
    if (this.#frame) this.#fill(count);
    else this.#cut(this.#scratchUsed + count);
  }

  #fill(count: number): void {
    const frame = this.#frame!;
    this.#filled += count;
    if (this.#filled === this.#frameBytes) {
      this.#frame = undefined;
      this.#onFrame(frame);
    } else if (this.#filled === frame.length) {
      this.#frame = Buffer.allocUnsafeSlow(Math.min(this.#frameBytes, frame.length * 2));
      frame.copy(this.#frame);
    }
  }

  #cut(end: number): void {
    const scratch = this.#scratch;
    let at = 0;
    while (end - at >= sizeFieldBytes) {
      const size = this.#checkSize(scratch.readInt32BE(at));
      const start = at + sizeFieldBytes;
      if (end - start < size) {
        this.#begin(size, start, end);
        return;
      }
      at = start + size;
      this.#onFrame(Buffer.from(scratch.subarray(start, at)));
    }
    scratch.copyWithin(0, at, end);
    this.#scratchUsed = end - at;
  }

  #begin(size: number, start: number, end: number): void {
    this.#frame = Buffer.allocUnsafeSlow(Math.min(size, firstAllocationBytesMax));
    this.#frameBytes = size;
    this.#filled = this.#scratch.copy(this.#frame, 0, start, end);
    this.#scratchUsed = 0;
  }

  #checkSize(size: number): number {
    if (size < 0) throw new DecodeError('FRAME_SIZE_NEGATIVE', `expected a frame size of 0 or more, found ${size}`, 0);
    if (size > this.#frameBytesMax) {
      const detail = `expected a frame of at most ${this.#frameBytesMax} bytes, found ${size}`;
      throw new DecodeError('FRAME_TOO_LARGE', detail, 0);
    }
    return size;
  }
}
