import type { FrameConnection } from '../../base/net.ts';
import type { PauseReason } from '../../base/pause-reasons.ts';
import { PauseReasons } from '../../base/pause-reasons.ts';
import { DecodeError } from '../../protocol/decode-error.ts';
import { WireFault } from '../kafka-error.ts';
import { connectionFault, looksLikeTls } from './connection-fault.ts';
import { FrameReader } from './frame-reader.ts';

/** Largest answer that is taken: above any that we ask for. */
export const answerBytesMax = 128 * 1024 * 1024;
const sizeFieldBytes = 4;
const noBytes = Buffer.alloc(0);

/** A connection of our own client: it can say why it ended. */
export interface BrokerConnection extends FrameConnection {
  /** Set when `onClose` is called for a reason that is not ours. */
  readonly fault: WireFault | undefined;
}

/** What a socket of any kind does for `ByteConnection`. */
export interface ByteSocket {
  write(chunks: readonly Uint8Array[]): void;
  pause(): void;
  resume(): void;
  readonly bufferedBytes: number;
  destroy(): void;
}

/** Frames over the bytes of a socket: the part that TCP, TLS and WebSocket share. */
export class ByteConnection implements BrokerConnection {
  readonly isPeer = false;
  readonly remoteAddress: string;
  fault: WireFault | undefined;
  onFrame: (frame: Buffer) => void = () => {};
  onClose: (reason: string) => void = () => {};
  isConnected = false;
  readonly #isTls: boolean;
  readonly #hasClientCertificate: boolean;
  readonly #reader = new FrameReader(answerBytesMax, (frame) => {
    if (!this.#isClosed) this.onFrame(frame);
  });
  #socket: ByteSocket | undefined;
  #hasHeard = false;
  readonly #pauses = new PauseReasons();
  #isClosed = false;

  constructor(address: string, options: { readonly isTls: boolean; readonly hasClientCertificate: boolean }) {
    this.remoteAddress = address;
    this.#isTls = options.isTls;
    this.#hasClientCertificate = options.hasClientCertificate;
  }

  /** Set once by whoever opens the socket. */
  attach(socket: ByteSocket): void {
    this.#socket = socket;
  }

  get bufferedBytes(): number {
    return this.#socket?.bufferedBytes ?? 0;
  }

  send(chunks: readonly Uint8Array[]): void {
    if (this.#isClosed) return;
    let bytes = 0;
    for (const chunk of chunks) bytes += chunk.length;
    const size = Buffer.allocUnsafe(sizeFieldBytes);
    size.writeInt32BE(bytes);
    this.#socket?.write([size, ...chunks]);
  }

  pause(reason: PauseReason): void {
    this.#pauses.add(reason);
    this.#socket?.pause();
  }

  resume(reason: PauseReason): void {
    this.#pauses.remove(reason);
    if (!this.#pauses.any) this.#socket?.resume();
  }

  close(reason = 'closed'): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#socket?.destroy();
    this.onClose(reason);
  }

  /** Takes what the socket received. */
  receive(chunk: Buffer): void {
    this.#take(chunk, () => this.#reader.push(chunk));
  }

  /** For sockets that ask where to read to: call `read` with how much it was. */
  readBuffer(): Buffer {
    return this.#reader.buffer();
  }

  /** So many bytes came into `into`, which `readBuffer` gave. */
  read(count: number, into: Buffer): void {
    this.#take(into, () => this.#reader.received(count));
  }

  /** Runs what takes received bytes apart; what they must not be ends the connection. */
  take(cut: () => void): void {
    this.#take(noBytes, cut);
  }

  /** The broker has shown that it is there, in whatever protocol. */
  heard(): void {
    this.#hasHeard = true;
  }

  /** Where the bytes of frames go, for whoever takes another protocol off them first. */
  get frames(): FrameReader {
    return this.#reader;
  }

  #take(head: Buffer, cut: () => void): void {
    if (this.#isClosed) return;
    if (!this.#hasHeard && !this.#isTls && looksLikeTls(head)) {
      this.fail(new WireFault('KAFKA_TLS_FAILED', `${this.remoteAddress} speaks TLS, this connection does not`));
      return;
    }
    if (head.length > 0) this.#hasHeard = true;
    try {
      cut();
    } catch (error) {
      if (error instanceof WireFault) {
        this.fail(error);
        return;
      }
      if (!(error instanceof DecodeError)) throw error;
      this.fail(new WireFault('KAFKA_BAD_ANSWER', `${this.remoteAddress}: ${error.message}`, { cause: error }));
    }
  }

  /** The socket ended, with an error or without. */
  ended(error?: Error): void {
    this.fail(
      connectionFault(this.remoteAddress, error, {
        isTls: this.#isTls,
        hasClientCertificate: this.#hasClientCertificate,
        isConnected: this.isConnected,
        hasHeard: this.#hasHeard,
      }),
    );
  }

  fail(fault: WireFault): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.fault = fault;
    this.#socket?.destroy();
    this.onClose(fault.message);
  }
}
