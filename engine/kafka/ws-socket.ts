import type { Socket } from 'node:net';
import { Duplex } from 'node:stream';
import type { ClientOptions } from 'ws';
import { WebSocket } from 'ws';

/** Largest frame accepted from the peer: above any fetch response that we ask for. */
const frameBytesMax = 128 * 1024 * 1024;
/** How long a closing handshake may take before the socket under it is dropped. */
const closeWaitMsMax = 2_000;
/** Chunks written in one turn are joined into one frame up to this size, so that small requests cost one frame. */
const joinedFrameBytesMax = 64 * 1024;

export interface WsSocketOptions {
  /** `ws://host:port/kafka` or `wss://...`. */
  readonly url: string;
  /** How long to wait for the handshake. */
  readonly connectWaitMsMax: number;
  /**
   * Sends frames with an all-zero mask. RFC 6455 (10.3) wants unpredictable masks against confused proxies; masking costs 3 us per
   * KiB. Only for wss and for a peer on this machine, where no proxy reads the bytes.
   */
  readonly zeroMask?: boolean;
  readonly headers?: Readonly<Record<string, string>>;
}

/**
 * A WebSocket in the shape of a `net.Socket`, for the Kafka client library: binary frames are treated as a byte stream, frame
 * borders mean nothing. Emits `connect` when the handshake is done. Back-pressure works both ways.
 */
export class WsSocket extends Duplex {
  readonly #ws: WebSocket;
  #under: Socket | undefined;

  constructor({ url, connectWaitMsMax, zeroMask = false, headers }: WsSocketOptions) {
    super({ allowHalfOpen: false });
    // `closeTimeout` is documented by ws but missing in its type declarations.
    const options: ClientOptions & { closeTimeout: number } = {
      perMessageDeflate: false,
      maxPayload: frameBytesMax,
      handshakeTimeout: connectWaitMsMax,
      closeTimeout: closeWaitMsMax,
      ...(zeroMask ? { generateMask: (mask: Buffer) => mask.fill(0) } : {}),
      ...(headers ? { headers: { ...headers } } : {}),
    };
    this.#ws = new WebSocket(url, options);
    this.#ws.binaryType = 'nodebuffer';
    this.#ws.on('upgrade', (response) => {
      this.#under = response.socket;
    });
    this.#ws.on('open', () => this.emit('connect'));
    this.#ws.on('message', (data: Buffer) => {
      if (!this.push(data)) this.#ws.pause();
    });
    this.#ws.on('error', (error) => this.destroy(error));
    this.#ws.on('close', (code) => this.#closed(code));
  }

  #closed(code: number): void {
    if (this.destroyed) return;
    // 1000, 1001 and "no status" are orderly ends; anything else means that bytes may be missing.
    if (code === 1000 || code === 1001 || code === 1005) this.push(null);
    else this.destroy(Object.assign(new Error(`WebSocket closed with code ${code}`), { code: 'ECONNRESET' }));
  }

  override _read(): void {
    this.#ws.resume();
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, callback: (error?: Error | null) => void): void {
    this.#ws.send(chunk, { binary: true }, callback);
  }

  override _writev(chunks: { chunk: Buffer }[], callback: (error?: Error | null) => void): void {
    const frames: Buffer[] = [];
    let waiting: Buffer[] = [];
    let waitingBytes = 0;
    for (const { chunk } of chunks) {
      if (waitingBytes > 0 && waitingBytes + chunk.length > joinedFrameBytesMax) {
        frames.push(waiting.length === 1 ? waiting[0]! : Buffer.concat(waiting));
        waiting = [];
        waitingBytes = 0;
      }
      waiting.push(chunk);
      waitingBytes += chunk.length;
    }
    frames.push(waiting.length === 1 ? waiting[0]! : Buffer.concat(waiting));
    const last = frames.length - 1;
    frames.forEach((frame, index) => {
      this.#ws.send(frame, { binary: true }, index === last ? callback : undefined);
    });
  }

  override _final(callback: (error?: Error | null) => void): void {
    this.#ws.close(1000);
    callback();
  }

  override _destroy(error: Error | null, callback: (error?: Error | null) => void): void {
    // Closing a socket that is still connecting is reported as an error by ws; nobody waits for that one any more.
    if (error || this.#ws.readyState === WebSocket.CONNECTING) this.#ws.terminate();
    else this.#ws.close(1000);
    callback(error);
  }

  /** Ends the writing side and destroys the socket when everything written has left, as `net.Socket` does. */
  destroySoon(): void {
    if (!this.writableEnded) this.end();
    if (this.writableFinished) this.destroy();
    else this.once('finish', () => this.destroy());
  }

  setNoDelay(): this {
    // ws sets TCP_NODELAY on every socket itself.
    return this;
  }

  /** Idle timeout of the socket underneath; the handshake has its own limit (`connectWaitMsMax`). */
  setTimeout(durationMs: number): this {
    this.#under?.setTimeout(durationMs);
    return this;
  }

  setKeepAlive(enable?: boolean, initialDelayMs?: number): this {
    this.#under?.setKeepAlive(enable, initialDelayMs);
    return this;
  }

  ref(): this {
    this.#under?.ref();
    return this;
  }

  unref(): this {
    this.#under?.unref();
    return this;
  }

  get remoteAddress(): string | undefined {
    return this.#under?.remoteAddress;
  }

  get remotePort(): number | undefined {
    return this.#under?.remotePort;
  }
}
