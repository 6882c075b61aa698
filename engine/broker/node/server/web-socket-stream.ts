import type { Socket } from 'node:net';
import type { RawData, WebSocket } from 'ws';
import type { ByteStream } from './byte-stream.ts';

/** Longest wait for the peer's close frame before the socket is cut. */
const closeWaitMsMax = 2_000;
const normalClosure = 1_000;
/** A close frame carries at most 123 bytes of reason (RFC 6455). */
const reasonBytesMax = 123;

/**
 * A WebSocket as a byte stream: every message is binary and its borders mean nothing, so a message may hold part of a
 * Kafka frame or several. `socket` is the TCP socket below on the accepting side; the dialling side has none yet.
 */
export class WebSocketStream implements ByteStream {
  readonly remoteAddress: string;
  partialBytes = 0;
  onBytes: (chunk: Buffer) => void = () => {};
  onPartial: () => void = () => {};
  onDrain: () => void = () => {};
  onClose: (reason: string) => void = () => {};
  readonly #webSocket: WebSocket;
  #closeReason = 'closed by the peer';
  #unopened: Uint8Array[] = [];
  #unopenedBytes = 0;

  constructor(webSocket: WebSocket, remoteAddress: string, socket?: Socket) {
    this.#webSocket = webSocket;
    this.remoteAddress = remoteAddress;
    webSocket.binaryType = 'nodebuffer';
    webSocket.on('message', (data: RawData, isBinary: boolean) => this.#receive(data, isBinary));
    webSocket.on('error', (error) => {
      this.#closeReason = error.message;
    });
    webSocket.once('close', (code: number) => {
      this.onClose(code === normalClosure ? this.#closeReason : `${this.#closeReason} (${code})`);
    });
    if (socket) {
      socket.on('drain', () => this.onDrain());
      // A message is collected below before it is handed on.
      socket.prependListener('data', (chunk: Buffer) => {
        this.partialBytes += chunk.length;
        this.onPartial();
      });
      return;
    }
    webSocket.once('upgrade', (response) => response.socket.on('drain', () => this.onDrain()));
    webSocket.once('open', () => this.#opened());
  }

  get bufferedBytes(): number {
    return this.#webSocket.bufferedAmount + this.#unopenedBytes;
  }

  write(chunks: readonly Uint8Array[]): void {
    if (this.#webSocket.readyState === this.#webSocket.CONNECTING) {
      for (const chunk of chunks) this.#unopenedBytes += chunk.length;
      this.#unopened.push(...chunks);
      return;
    }
    if (this.#webSocket.readyState !== this.#webSocket.OPEN) return;
    for (const chunk of chunks) this.#webSocket.send(chunk, ignoreSendError);
  }

  pause(): void {
    this.#webSocket.pause();
  }

  resume(): void {
    this.#webSocket.resume();
  }

  end(reason: string): void {
    this.#closeReason = reason;
    this.#webSocket.close(normalClosure, Buffer.from(reason).subarray(0, reasonBytesMax));
    const timer = setTimeout(() => this.#webSocket.terminate(), closeWaitMsMax).unref();
    this.#webSocket.once('close', () => clearTimeout(timer));
  }

  destroy(): void {
    this.#webSocket.terminate();
  }

  #receive(data: RawData, isBinary: boolean): void {
    if (!isBinary) {
      this.end('expected binary messages, found text');
      return;
    }
    this.partialBytes = 0;
    // binaryType is 'nodebuffer', so data is one Buffer.
    this.onBytes(data as Buffer);
  }

  #opened(): void {
    const waiting = this.#unopened;
    this.#unopened = [];
    this.#unopenedBytes = 0;
    this.write(waiting);
  }
}

/** A failed send is followed by 'error' and 'close', which say why. */
function ignoreSendError(): void {}
