import { DecodeError } from './decode-error.ts';

const sizeBytes = 4;
/**
 * A frame that spans chunks is collected in a buffer that starts at most this large and grows with the bytes received. Holds
 * a batch of 1 MiB, clients' usual limit, with what goes with it; the system gives memory only as it is written.
 */
const firstAllocationBytesMax = 2_097_152;

/**
 * Cuts a byte stream into frames (int32 size, then that many bytes). Chunks may end anywhere. A frame that lies in one
 * chunk is handed on as a subarray of it; one that spans chunks is copied once into a buffer that grows with what has
 * really arrived, so a size field alone never allocates. After an error the splitter is of no further use: close the connection.
 */
export class FrameSplitter {
  readonly #frameBytesMax: number;
  /** Size of the frame under way, -1 while its size field is incomplete. */
  #frameSize = -1;
  /** Size field bytes, then frame bytes, that have arrived so far. */
  #pending: Buffer = Buffer.alloc(0);
  #pendingBytes = 0;

  /** @param frameBytesMax largest size field that is accepted, in bytes */
  constructor(frameBytesMax: number) {
    this.#frameBytesMax = frameBytesMax;
  }

  /** Bytes held for a frame that is not complete yet. */
  get bufferedBytes(): number {
    return this.#pendingBytes;
  }

  /**
   * Takes the next chunk and calls `onFrame` for each frame that it completes, in order, without the size field.
   * The chunk must not be changed afterwards.
   * @throws DecodeError `FRAME_TOO_LARGE` or `FRAME_SIZE_NEGATIVE`, before anything is allocated for that frame
   */
  push(chunk: Buffer, onFrame: (frame: Buffer) => void): void {
    let at = 0;
    while (at < chunk.length) {
      at =
        this.#pendingBytes > 0 || this.#frameSize >= 0
          ? this.#continue(chunk, at, onFrame)
          : this.#begin(chunk, at, onFrame);
    }
  }

  /** Gives back at once what is held for a frame that will not be completed. No chunk may follow. */
  release(): void {
    freeNow(this.#pending);
    this.#pending = Buffer.alloc(0);
    this.#pendingBytes = 0;
  }

  /** At a frame border: the fast path without a copy. */
  #begin(chunk: Buffer, at: number, onFrame: (frame: Buffer) => void): number {
    if (chunk.length - at < sizeBytes) return this.#hold(chunk, at, chunk.length);
    const size = this.#checkSize(chunk.readInt32BE(at));
    const start = at + sizeBytes;
    if (chunk.length - start >= size) {
      onFrame(chunk.subarray(start, start + size));
      return start + size;
    }
    this.#frameSize = size;
    return this.#hold(chunk, start, chunk.length);
  }

  #continue(chunk: Buffer, at: number, onFrame: (frame: Buffer) => void): number {
    const wanted = this.#frameSize < 0 ? sizeBytes : this.#frameSize;
    const next = this.#hold(chunk, at, Math.min(chunk.length, at + wanted - this.#pendingBytes));
    if (this.#pendingBytes < wanted) return next;
    if (this.#frameSize < 0) {
      this.#frameSize = this.#checkSize(this.#pending.readInt32BE(0));
      this.#pendingBytes = 0;
      if (this.#frameSize > 0) return next;
    }
    this.#complete(onFrame);
    return next;
  }

  #complete(onFrame: (frame: Buffer) => void): void {
    const frame = this.#pending.subarray(0, this.#frameSize);
    this.#pending = Buffer.alloc(0);
    this.#pendingBytes = 0;
    this.#frameSize = -1;
    onFrame(frame);
  }

  /** Keeps chunk[from, to) and returns `to`. */
  #hold(chunk: Buffer, from: number, to: number): number {
    const total = this.#pendingBytes + to - from;
    if (total > this.#pending.length) this.#grow(total);
    chunk.copy(this.#pending, this.#pendingBytes, from, to);
    this.#pendingBytes = total;
    return to;
  }

  #grow(total: number): void {
    const target = Math.max(this.#frameSize, sizeBytes);
    const room = Math.max(total, Math.min(target, Math.max(firstAllocationBytesMax, total * 2)));
    const larger = Buffer.allocUnsafeSlow(room);
    this.#pending.copy(larger, 0, 0, this.#pendingBytes);
    freeNow(this.#pending);
    this.#pending = larger;
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

/** Returns a buffer's memory without waiting for a garbage collection; nobody else may hold a part of it. */
function freeNow({ buffer, length }: Buffer): void {
  if (length > 0) (buffer as ArrayBuffer).transfer(0);
}
