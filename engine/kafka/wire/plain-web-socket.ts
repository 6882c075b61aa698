import { createHash } from 'node:crypto';
import type { Socket } from 'node:net';
import { connect } from 'node:net';
import { WireFault } from '../kafka-error.ts';
import type { ByteConnection } from './byte-connection.ts';
import { opcode, WebSocketReader } from './web-socket-reader.ts';

/** Appended to the key of a handshake (RFC 6455, section 1.3). */
const acceptSuffix = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11';
const answerBytesMax = 16 * 1024;
const keepAliveDelayMs = 30_000;
const finalBit = 0x80;
const maskBit = 0x80;
const maskBytes = 4;

export interface PlainWebSocketOptions {
  readonly url: URL;
  /** 16 random bytes. */
  readonly key: Uint8Array;
  readonly opened: () => void;
  readonly closed: () => void;
}

/**
 * A WebSocket to a broker on this machine, on a plain socket: frames go out under a mask of zeros, uncopied, and what comes in is
 * read to where it belongs. Only for peers where no proxy reads the bytes (RFC 6455, 10.3); every other one goes through `ws`.
 */
export function openPlainWebSocket(connection: ByteConnection, options: PlainWebSocketOptions): void {
  const { url, opened, closed } = options;
  let isOpen = false;
  let failure: Error | undefined;
  const unsent: (readonly Uint8Array[])[] = [];
  const reader = new WebSocketReader(connection.frames, (kind, payload) => control(kind, payload));
  const handshake = new Handshake(options.key);
  const read = (count: number, into: Uint8Array) => {
    connection.take(() => {
      if (isOpen) reader.received(count);
      else answered(into.subarray(0, count));
    });
    return true;
  };
  const onread = { buffer: () => (isOpen ? reader.buffer() : handshake.buffer), callback: read };
  const socket: Socket = connect({ host: url.hostname.replace(/^\[|\]$/g, ''), port: Number(url.port || 80), onread });
  const send = (kind: number, chunks: readonly Uint8Array[]) => {
    socket.cork();
    socket.write(frameHeader(kind, chunks));
    for (const chunk of chunks) socket.write(chunk);
    socket.uncork();
  };
  const answered = (bytes: Uint8Array) => {
    const rest = handshake.answer(bytes);
    if (!rest) return;
    isOpen = true;
    connection.heard();
    opened();
    for (const chunks of unsent.splice(0)) send(opcode.binary, chunks);
    reader.push(rest);
  };
  const control = (kind: number, payload: Buffer) => {
    if (kind === opcode.ping) send(opcode.pong, [payload]);
    if (kind === opcode.close) {
      send(opcode.close, [payload.subarray(0, 2)]);
      connection.ended();
    }
  };
  socket.setNoDelay(true);
  socket.setKeepAlive(true, keepAliveDelayMs);
  socket.once('connect', () => {
    connection.isConnected = true;
    socket.write(handshake.request(url));
  });
  socket.on('error', (error) => {
    failure = error;
  });
  socket.once('close', () => {
    closed();
    connection.ended(failure);
  });
  connection.attach({
    write: (chunks) => {
      if (isOpen) send(opcode.binary, chunks);
      else unsent.push(chunks);
    },
    pause: () => void socket.pause(),
    resume: () => void socket.resume(),
    get bufferedBytes() {
      return socket.writableLength;
    },
    destroy: () => void socket.destroy(),
  });
}

/** One frame around all chunks, under a mask of zeros: nothing in them has to change. */
function frameHeader(kind: number, chunks: readonly Uint8Array[]): Buffer {
  let length = 0;
  for (const chunk of chunks) length += chunk.length;
  const lengthBytes = length < 126 ? 0 : length < 65_536 ? 2 : 8;
  const header = Buffer.alloc(2 + lengthBytes + maskBytes);
  header[0] = finalBit | kind;
  header[1] = maskBit | (lengthBytes === 0 ? length : lengthBytes === 2 ? 126 : 127);
  if (lengthBytes === 2) header.writeUInt16BE(length, 2);
  if (lengthBytes === 8) header.writeBigUInt64BE(BigInt(length), 2);
  return header;
}

/** The upgrade from HTTP (RFC 6455, section 4.1). */
class Handshake {
  /** What the answer is read into. */
  readonly buffer = Buffer.allocUnsafeSlow(answerBytesMax);
  readonly #key: string;
  #answer = Buffer.alloc(0);

  constructor(key: Uint8Array) {
    this.#key = Buffer.from(key).toString('base64');
  }

  request({ host, pathname, search }: URL): string {
    const lines = [
      'Upgrade: websocket',
      'Connection: Upgrade',
      `Sec-WebSocket-Key: ${this.#key}`,
      'Sec-WebSocket-Version: 13',
    ];
    return `GET ${pathname}${search} HTTP/1.1\r\nHost: ${host}\r\n${lines.join('\r\n')}\r\n\r\n`;
  }

  /** Undefined while the answer is not whole; then what came behind it. @throws WireFault when it is no upgrade */
  answer(bytes: Uint8Array): Buffer | undefined {
    this.#answer = Buffer.concat([this.#answer, bytes]);
    const end = this.#answer.indexOf('\r\n\r\n');
    if (end < 0 && this.#answer.length < answerBytesMax) return undefined;
    const head = this.#answer.toString('latin1', 0, Math.max(0, end));
    const status = head.split('\r\n', 1)[0] ?? '';
    if (!/^HTTP\/1\.1 101\b/.test(status))
      throw new WireFault('KAFKA_CONNECT_FAILED', `expected a WebSocket, found the answer "${status.slice(0, 100)}"`, {
        retriable: true,
      });
    const accept = /^sec-websocket-accept:\s*(\S+)\s*$/im.exec(head)?.[1];
    if (
      accept !==
      createHash('sha1')
        .update(this.#key + acceptSuffix)
        .digest('base64')
    )
      throw new WireFault('KAFKA_CONNECT_FAILED', 'expected a WebSocket, found an answer to another handshake');
    return this.#answer.subarray(end + 4);
  }
}
