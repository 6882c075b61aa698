import { WireFault } from '../kafka-error.ts';

/** Kinds of WebSocket frames (RFC 6455, section 5.2). */
export const opcode = { continuation: 0, text: 1, binary: 2, close: 8, ping: 9, pong: 10 } as const;

/** Small frames, and the headers of large ones, are read into this. */
const scratchBytes = 64 * 1024;
const controlBytesMax = 125;

/** Where the bytes inside of the frames go: a FrameReader. */
export interface ByteSink {
  buffer(): Buffer;
  received(count: number): void;
  push(chunk: Buffer): void;
}

/**
 * Takes the bytes of a server's WebSocket frames apart. Their borders mean nothing: what is inside is one stream. It says what is
 * read into, so that the inside of a large frame goes from the system straight to where it belongs.
 */
export class WebSocketReader {
  readonly #sink: ByteSink;
  readonly #onControl: (kind: number, payload: Buffer) => void;
  readonly #scratch = Buffer.allocUnsafeSlow(scratchBytes);
  /** Bytes of a header or control frame that is cut, at the front of the scratch buffer. */
  #used = 0;
  /** Bytes of the data frame under way that are still to come. */
  #left = 0;

  constructor(sink: ByteSink, onControl: (kind: number, payload: Buffer) => void) {
    this.#sink = sink;
    this.#onControl = onControl;
  }

  /** Where the next bytes belong. */
  buffer(): Buffer {
    if (this.#left === 0) return this.#scratch.subarray(this.#used);
    const into = this.#sink.buffer();
    return into.length > this.#left ? into.subarray(0, this.#left) : into;
  }

  /** So many bytes were read into what `buffer` gave. @throws WireFault for what no server may send */
  received(count: number): void {
    if (this.#left > 0) {
      this.#left -= count;
      this.#sink.received(count);
      return;
    }
    const end = this.#used + count;
    let at = 0;
    for (let next = this.#frame(at, end); next >= 0; next = this.#frame(at, end)) at = next;
    this.#scratch.copyWithin(0, at, end);
    this.#used = end - at;
  }

  /** Takes bytes that lie elsewhere: what came with the answer to the upgrade. */
  push(chunk: Buffer): void {
    for (let at = 0; at < chunk.length; ) {
      const count = chunk.copy(this.buffer(), 0, at);
      at += count;
      this.received(count);
    }
  }

  /** Takes the frame at `at`, or its beginning; where the next one starts, -1 when more bytes are needed. */
  #frame(at: number, end: number): number {
    if (this.#left > 0 || end - at < 2) return -1;
    const scratch = this.#scratch;
    const first = scratch[at]!;
    const short = scratch[at + 1]!;
    const kind = first & 0x0f;
    if (first & 0x70) throw fault(`expected no extension bits, found ${first & 0x70}`);
    if (short & 0x80) throw fault('expected frames of a server without a mask, found one with');
    const headerBytes = short === 127 ? 10 : short === 126 ? 4 : 2;
    if (end - at < headerBytes) return -1;
    const length =
      headerBytes === 2 ? short : headerBytes === 4 ? scratch.readUInt16BE(at + 2) : readLength(scratch, at + 2);
    const start = at + headerBytes;
    if (kind >= opcode.close) {
      if (length > controlBytesMax) throw fault(`expected a control frame of at most 125 bytes, found ${length}`);
      if (end - start < length) return -1;
      this.#onControl(kind, Buffer.from(scratch.subarray(start, start + length)));
      return start + length;
    }
    if (kind !== opcode.binary && kind !== opcode.continuation)
      throw fault(`expected binary frames, found kind ${kind}`);
    const here = Math.min(length, end - start);
    this.#sink.push(scratch.subarray(start, start + here));
    this.#left = length - here;
    return start + here;
  }
}

function readLength(bytes: Buffer, at: number): number {
  const length = bytes.readUInt32BE(at) * 0x1_0000_0000 + bytes.readUInt32BE(at + 4);
  if (!Number.isSafeInteger(length)) throw fault('expected a frame length below 2^53');
  return length;
}

function fault(text: string): WireFault {
  return new WireFault('KAFKA_BAD_ANSWER', `WebSocket: ${text}`);
}
