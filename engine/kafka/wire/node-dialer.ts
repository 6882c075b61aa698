import type { Socket } from 'node:net';
import { connect as connectTcp } from 'node:net';
import type { ClientOptions } from 'ws';
import { WebSocket } from 'ws';
import type { Clock } from '../../base/clock.ts';
import type { Dialer } from '../../base/net.ts';
import type { Random } from '../../base/random.ts';
import { WireFault } from '../kafka-error.ts';
import type { ServerAddress } from '../server-address.ts';
import { formatServerAddress, isLoopbackHost } from '../server-address.ts';
import { answerBytesMax, ByteConnection } from './byte-connection.ts';
import { openPlainWebSocket } from './plain-web-socket.ts';
import type { TlsSettings } from './tls-options.ts';
import { tlsOptions } from './tls-options.ts';

/** How the sockets of a connection are opened. */
export interface DialSettings {
  readonly transport: 'websocket' | 'tcp';
  readonly tls: TlsSettings | undefined;
  readonly connectWaitMsMax: number;
  readonly webSocketUrl?: ((address: ServerAddress) => string) | undefined;
}

/** Silence after which TCP probes a peer: machines that vanish are noticed. */
const keepAliveDelayMs = 30_000;
/** Chunks below this size leave together as one WebSocket message; larger ones go uncopied as their own. */
const joinedBytesMax = 16 * 1024;

/** Opens TCP, TLS or WebSocket connections to brokers, each at once, with a time limit until it stands. */
export function nodeDialer(settings: DialSettings, { clock, random }: { clock: Clock; random: Random }): Dialer {
  return {
    dial(host, port) {
      const address = formatServerAddress({ host, port });
      const { tls, transport, connectWaitMsMax } = settings;
      const url = settings.webSocketUrl?.({ host, port }) ?? `${tls ? 'wss' : 'ws'}://${address}/kafka`;
      const connection = new ByteConnection(address, {
        isTls: transport === 'tcp' ? tls !== undefined : url.startsWith('wss:'),
        hasClientCertificate: tls?.certificate !== undefined || tls?.keyStore !== undefined,
      });
      const stopTimer = clock.after(connectWaitMsMax, () => {
        const text = `no connection to ${address} within ${connectWaitMsMax} ms`;
        connection.fail(new WireFault('KAFKA_CONNECT_FAILED', text, { retriable: true }));
      });
      const opened = () => {
        stopTimer();
        connection.isConnected = true;
      };
      if (transport === 'tcp') openTcp(connection, { host, port }, tls, opened, stopTimer);
      else if (isPlain(url))
        openPlainWebSocket(connection, { url: new URL(url), key: random.bytes(16), opened, closed: stopTimer });
      else openWebSocket(connection, url, settings, opened, stopTimer);
      return connection;
    },
  };
}

/** On this machine no proxy is in between. */
function isPlain(url: string): boolean {
  return url.startsWith('ws:') && isLoopbackHost(new URL(url).hostname.replace(/^\[|\]$/g, ''));
}

function openTcp(
  connection: ByteConnection,
  { host, port }: ServerAddress,
  tls: TlsSettings | undefined,
  opened: () => void,
  closed: () => void,
): void {
  // Plain bytes are read to where they belong; TLS hands over chunks of its own.
  const read = (count: number, into: Uint8Array) => {
    connection.read(count, into as Buffer);
    return true;
  };
  const onread = { buffer: () => connection.readBuffer(), callback: read };
  const socket: Socket = tls
    ? // Loaded only where it is asked for: TLS takes 4 MB and 10 ms.
      process.getBuiltinModule('node:tls').connect({ host, port, ...tlsOptions(tls, host) })
    : connectTcp({ host, port, onread });
  socket.setNoDelay(true);
  socket.setKeepAlive(true, keepAliveDelayMs);
  let failure: Error | undefined;
  socket.once(tls ? 'secureConnect' : 'connect', opened);
  if (tls) socket.on('data', (chunk: Buffer) => connection.receive(chunk));
  socket.on('error', (error) => {
    failure = error;
  });
  socket.once('close', () => {
    closed();
    connection.ended(failure);
  });
  connection.attach({
    write: (chunks) => {
      socket.cork();
      for (const chunk of chunks) socket.write(chunk);
      socket.uncork();
    },
    pause: () => void socket.pause(),
    resume: () => void socket.resume(),
    get bufferedBytes() {
      return socket.writableLength;
    },
    destroy: () => void socket.destroy(),
  });
}

function openWebSocket(
  connection: ByteConnection,
  url: string,
  { tls, connectWaitMsMax }: DialSettings,
  opened: () => void,
  closed: () => void,
): void {
  const { hostname } = new URL(url);
  const options: ClientOptions = {
    perMessageDeflate: false,
    maxPayload: answerBytesMax,
    handshakeTimeout: connectWaitMsMax,
    // RFC 6455 (10.3) wants unpredictable masks against confused proxies; masking costs 3 us a KiB. Inside TLS no proxy reads the
    // bytes.
    ...(url.startsWith('wss:') ? { generateMask: (mask: Buffer) => mask.fill(0) } : {}),
    ...(tls && url.startsWith('wss:') ? webSocketTls(tls, hostname) : {}),
  };
  const ws = new WebSocket(url, options);
  ws.binaryType = 'nodebuffer';
  let under: Socket | undefined;
  let failure: Error | undefined;
  const unsent: Uint8Array[][] = [];
  const write = (chunks: readonly Uint8Array[]) => {
    under?.cork();
    for (const message of joinChunks(chunks)) ws.send(message, { binary: true });
    under?.uncork();
  };
  ws.on('upgrade', (response) => {
    under = response.socket;
    under.setKeepAlive(true, keepAliveDelayMs);
  });
  ws.on('open', () => {
    opened();
    for (const chunks of unsent.splice(0)) write(chunks);
  });
  ws.on('message', (data: Buffer) => connection.receive(data));
  ws.on('error', (error) => {
    failure = error;
  });
  ws.on('close', () => {
    closed();
    connection.ended(failure);
  });
  connection.attach({
    write: (chunks) => {
      if (ws.readyState === WebSocket.OPEN) write(chunks);
      else if (ws.readyState === WebSocket.CONNECTING) unsent.push([...chunks]);
    },
    pause: () => ws.pause(),
    resume: () => ws.resume(),
    get bufferedBytes() {
      return ws.bufferedAmount;
    },
    destroy: () => ws.terminate(),
  });
}

/** `ws` hands these on to `tls.connect` as they are; its types describe another `checkServerIdentity`. */
function webSocketTls(tls: TlsSettings, hostname: string): ClientOptions {
  return tlsOptions(tls, hostname) as unknown as ClientOptions;
}

/** Small neighbours joined, so that a small request costs one message. */
function joinChunks(chunks: readonly Uint8Array[]): Uint8Array[] {
  const messages: Uint8Array[] = [];
  let small: Uint8Array[] = [];
  const flush = () => {
    if (small.length) messages.push(small.length === 1 ? small[0]! : Buffer.concat(small));
    small = [];
  };
  for (const chunk of chunks) {
    if (chunk.length <= joinedBytesMax) {
      small.push(chunk);
      continue;
    }
    flush();
    messages.push(chunk);
  }
  flush();
  return messages;
}
