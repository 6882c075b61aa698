import type { Socket } from 'node:net';
import type { ByteStream } from './byte-stream.ts';

/** Longest wait for a peer to take the last bytes before the socket is cut. */
const closeWaitMsMax = 2_000;

/** A TCP socket as a byte stream. */
export class TcpStream implements ByteStream {
  readonly remoteAddress: string;
  readonly partialBytes = 0;
  onBytes: (chunk: Buffer) => void = () => {};
  onPartial: () => void = () => {};
  onDrain: () => void = () => {};
  onClose: (reason: string) => void = () => {};
  readonly #socket: Socket;
  #closeReason = 'closed by the peer';

  constructor(socket: Socket) {
    this.#socket = socket;
    this.remoteAddress = `${socket.remoteAddress ?? 'unknown'}:${socket.remotePort ?? 0}`;
    socket.on('data', (chunk: Buffer) => this.onBytes(chunk));
    socket.on('drain', () => this.onDrain());
    socket.on('error', (error) => {
      this.#closeReason = error.message;
    });
    socket.once('close', () => this.onClose(this.#closeReason));
  }

  get bufferedBytes(): number {
    return this.#socket.writableLength;
  }

  write(chunks: readonly Uint8Array[]): void {
    if (this.#socket.destroyed) return;
    this.#socket.cork();
    for (const chunk of chunks) this.#socket.write(chunk);
    this.#socket.uncork();
  }

  pause(): void {
    this.#socket.pause();
  }

  resume(): void {
    this.#socket.resume();
  }

  end(reason: string): void {
    this.#closeReason = reason;
    this.#socket.end();
    // The peer may neither read the rest nor close its side.
    const timer = setTimeout(() => this.#socket.destroy(), closeWaitMsMax).unref();
    this.#socket.once('close', () => clearTimeout(timer));
    this.#socket.destroySoon();
  }

  destroy(): void {
    this.#socket.destroy();
  }
}
