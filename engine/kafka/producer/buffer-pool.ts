/** Smallest buffer that is kept, and the largest. */
const classBytesMin = 4 * 1024;
const classBytesMax = 2 * 1024 * 1024;
/** Memory that waits for its next use, in bytes. */
const idleBytesMax = 8 * 1024 * 1024;

/** Buffers that are used again: a batch costs no allocation of its own size. Sizes go up by powers of two. */
export class BufferPool {
  readonly #idle = new Map<number, Buffer[]>();
  /** Memory that was made here: a small buffer of Node's own lies in a slab that it shares with others. */
  readonly #own = new WeakSet<ArrayBufferLike>();
  #idleBytes = 0;

  /** A buffer of at least `bytes`, with whatever it held before. */
  take(bytes: number): Buffer {
    if (bytes > classBytesMax) return Buffer.allocUnsafeSlow(bytes);
    const size = classOf(bytes);
    const found = this.#idle.get(size)?.pop();
    if (!found) {
      const made = Buffer.allocUnsafeSlow(size);
      this.#own.add(made.buffer);
      return made;
    }
    this.#idleBytes -= size;
    return found;
  }

  /** Gives a buffer back, or a view from its start; one that is not from here is left alone. Nobody may look at it any more. */
  give(view: Buffer): void {
    const size = view.buffer.byteLength;
    if (!this.#own.has(view.buffer) || this.#idleBytes + size > idleBytesMax) return;
    const whole = view.length === size ? view : Buffer.from(view.buffer as ArrayBuffer, 0, size);
    const idle = this.#idle.get(size);
    if (idle) idle.push(whole);
    else this.#idle.set(size, [whole]);
    this.#idleBytes += size;
  }
}

function classOf(bytes: number): number {
  let size = classBytesMin;
  while (size < bytes) size *= 2;
  return size;
}
